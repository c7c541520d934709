// Runs Lighthouse's desktop audits on each address given, in one Chromium: node lighthouse.mjs CHROMIUM URL...
// Prints one line of JSON a page: its four scores in per cent, bytes sent, and what lost points.
import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

const [chromePath, ...urls] = process.argv.slice(2);
const chrome = await launch({
  chromePath,
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-background-networking", "--disable-component-update"],
});
try {
  for (const url of urls) {
    const { lhr } = await lighthouse(url, { port: chrome.port, output: "json", logLevel: "error" }, desktopConfig);
    if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
    const scores = Object.fromEntries(
      Object.values(lhr.categories).map(({ id, score }) => [id, Math.round(100 * score)]),
    );
    const lost = Object.values(lhr.categories).flatMap(({ auditRefs }) =>
      auditRefs
        .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 0.9)
        .map(({ id }) => id),
    );
    const bytes = lhr.audits["network-requests"].details.items.reduce((sum, { transferSize }) => sum + transferSize, 0);
    console.log(JSON.stringify({ url, scores, bytes, lost }));
  }
} finally {
  chrome.kill();
}
