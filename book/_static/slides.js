// Starts a deck: set the formulas, shrink what does not fit, first figures and then words, then hand over to reveal.js.

const SMALLEST = 0.66; // of 30 px; below that nobody in the last row can read
const fits = (body) => body.scrollHeight <= body.clientHeight + 1 && body.scrollWidth <= body.clientWidth + 1;

function shrink() {
  document.documentElement.classList.add("measuring");
  for (const body of document.querySelectorAll(".body")) {
    const figures = body.querySelector(".figures");
    const share = figures ? body.clientHeight / figures.scrollHeight : 1; // a title of two lines leaves less room
    for (const img of share < 1 ? figures.querySelectorAll("img") : []) {
      for (const side of ["width", "height"]) img.style[side] = `${Math.floor((parseInt(img.style[side]) + 22) * share - 22)}px`;
    }
    for (let scale = 1; !fits(body) && scale > SMALLEST; scale -= 0.04) body.style.setProperty("--scale", scale.toFixed(2));
  }
  document.documentElement.classList.remove("measuring");
}

function turnTheme() {
  const root = document.documentElement;
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
}

async function start() {
  await window.MathJax?.startup?.promise;
  await document.fonts.ready;
  shrink();
  await Reveal.initialize({
    width: 1280,
    height: 720,
    margin: 0,
    center: false,
    hash: true,
    transition: matchMedia("(prefers-reduced-motion: reduce)").matches ? "none" : "fade",
    transitionSpeed: "fast",
    pdfSeparateFragments: false,
    plugins: [RevealNotes],
  });
  Reveal.addKeyBinding({ keyCode: 84, key: "T", description: "Light or dark" }, turnTheme);
}

// All scripts are deferred: when this one runs, the others have run.
start();
