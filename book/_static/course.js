// The theme takes the focus from a button that was pressed, which throws keyboard users back to the top of the page.
for (const button of document.querySelectorAll(".theme-switch-button, .search-button, .sidebar-toggle")) {
  button.blur = () => {};
}

// A formula wider than the page scrolls in its own box; then the keyboard has to reach it. The theme does the same for code.
const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const box = target.closest("mjx-container");
    if (box.scrollWidth > box.clientWidth + 2) box.tabIndex = 0;  // rounding is no overflow
    else box.removeAttribute("tabindex");
  }
});

// MathJax exists once its own deferred script has run; a page without formulas has none.
addEventListener("load", () => {
  window.MathJax?.startup?.promise.then(() => {
    for (const formula of document.querySelectorAll("mjx-container[display], mjx-container[display] > mjx-math")) watcher.observe(formula);
  });
});

// Each numbered figure opens in full size, where its letters are as large as the screen allows.
for (const figure of document.querySelectorAll(".cell_output figure")) {
  const picture = figure.querySelector("img, svg");
  const caption = figure.querySelector("figcaption p, figcaption .caption-text");
  if (!picture || !caption) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "full-size-button";
  button.textContent = "Full size";
  button.setAttribute("aria-label", `Full size: ${figure.querySelector("figcaption strong")?.textContent ?? "figure"}`);
  button.addEventListener("click", () => enlarge(picture));
  caption.append(" ", button);
}

function enlarge(picture) {
  const dialog = document.createElement("dialog");
  dialog.className = "full-size";
  dialog.setAttribute("aria-label", "The figure in full size");
  const shown = picture.cloneNode(true);
  for (const name of ["style", "width", "height", "loading"]) shown.removeAttribute(name);
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "Close";
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());  // Escape closes, too, and the focus goes back to the button
  dialog.append(close, shown);
  document.body.append(dialog);
  dialog.showModal();
}
