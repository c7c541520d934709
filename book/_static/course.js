// The theme takes the focus from a button that was pressed, which throws keyboard users back to the top of the page.
for (const button of document.querySelectorAll(".theme-switch-button, .search-button, .sidebar-toggle")) {
  button.blur = () => {};
}

// A formula wider than the page scrolls in its own box; then the keyboard has to reach it. The theme does the same for code.
const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const box = target.closest("mjx-container");
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
});

// MathJax exists once its own deferred script has run; a page without formulas has none.
addEventListener("load", () => {
  window.MathJax?.startup?.promise.then(() => {
    for (const formula of document.querySelectorAll("mjx-container, mjx-container > mjx-math")) watcher.observe(formula);
  });
});
