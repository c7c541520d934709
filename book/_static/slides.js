// Starts a deck: set the formulas, give each figure all the room that its words leave, then hand over to reveal.js.

const SMALLEST = 0.75; // of the size that words have in slides.css; smaller ones nobody in the last row can read

function fill(body) {
  const figure = body.querySelector("figure"), words = body.querySelector(".words");
  if (!figure) return;
  const style = getComputedStyle(figure);
  const frame = parseFloat(style.paddingTop) * 2 + parseFloat(style.borderTopWidth) * 2;
  const gap = parseFloat(getComputedStyle(body).rowGap);
  const below = body.classList.contains("below");
  const width = body.clientWidth - frame - (words && !below ? words.offsetWidth + gap : 0);
  const height = body.clientHeight - frame - (words && below ? words.offsetHeight + gap : 0);
  const [wide, high] = ["--w", "--h"].map((side) => parseFloat(figure.style.getPropertyValue(side)));
  figure.style.setProperty("--s", Math.min(width / wide, height / high).toFixed(4));
}

function layOut() {
  document.documentElement.classList.add("measuring");
  for (const body of document.querySelectorAll(".body")) {
    const words = body.querySelector(".words");
    const fits = () => !words || (words.scrollHeight <= body.clientHeight + 1 && words.scrollWidth <= words.clientWidth + 1);
    for (let scale = 1; !fits() && scale > SMALLEST; scale -= 0.05) body.style.setProperty("--scale", scale.toFixed(2));
    fill(body);
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
  layOut();
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
