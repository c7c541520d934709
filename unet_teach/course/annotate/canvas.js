/* The drawing tool of chapter 5: shapes on a picture, and their text form. Starts every tool that is not running yet. */
(() => {
  const start = (root) => {
    root.dataset.ready = "yes";
    const part = (name) => root.querySelector(`[data-part=${name}]`);
    const stage = part("stage"), svg = root.querySelector("svg"), said = part("said"), box = part("text");
    const [wide, high] = svg.getAttribute("viewBox").split(" ").slice(2).map(Number);
    const kind = root.dataset.kind, fewest = kind === "line" ? 2 : 3;
    const done = JSON.parse(root.dataset.shapes);
    let open = [], cross = null, traced = null;

    const width = () => Math.min(15, Math.max(1, Number(part("width")?.value) || 4));
    const half = (value, limit) => Math.min(limit, Math.max(0, Math.round(2 * value) / 2));
    const named = (point) => point.join(",");
    const add = (tag, attributes) => {
      const shape = document.createElementNS(svg.namespaceURI, tag);
      for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
      svg.append(shape);
    };
    const outline = (points, closed, thick, colour) => {
      const look = { points: points.map(named).join(" "), fill: "none", stroke: colour, "stroke-linejoin": "round" };
      if (kind === "line") Object.assign(look, { "stroke-width": thick, "stroke-opacity": 0.6, "stroke-linecap": "round" });
      else Object.assign(look, { "stroke-width": 2, "vector-effect": "non-scaling-stroke" });
      if (closed && kind === "area") Object.assign(look, { fill: colour, "fill-opacity": 0.25 });
      add(closed && kind === "area" ? "polygon" : "polyline", look);
    };
    const draw = () => {
      svg.querySelectorAll(":not(title)").forEach((old) => old.remove());
      done.forEach((shape) => outline(shape.points, true, shape.width, "#F0A000"));
      if (open.length) outline(open, false, width(), "#56B4E9");
      if (open.length) add("circle", { cx: open.at(-1)[0], cy: open.at(-1)[1], r: wide / 100, fill: "#56B4E9" });
      for (const [colour, thick] of cross ? [["#000", 4], ["#fff", 1.5]] : []) {
        const [x, y] = cross, arm = wide / 25;
        add("path", {
          d: `M${x - arm} ${y}H${x + arm}M${x} ${y - arm}V${y + arm}`,
          stroke: colour, "stroke-width": thick, "vector-effect": "non-scaling-stroke",
        });
      }
      box.value = done.map((s) => `${s.kind}${s.kind === "line" ? ` ${s.width}` : ""}: ${s.points.map(named).join(" ")}`).join("\n");
    };
    const say = (words) => { said.textContent = words; draw(); };
    const count = () => `${done.length} shape${done.length === 1 ? "" : "s"} drawn.`;

    const point = (x, y) => {
      const next = [half(x, wide), half(y, high)], last = open.at(-1);
      if (!last || named(last) !== named(next)) open.push(next);
      say(`Point ${open.length} at ${named(next)}.`);
    };
    const end = () => {
      if (open.length < fewest) return say(`A shape needs at least ${fewest} points; this one has ${open.length}.`);
      done.push({ kind, width: kind === "line" ? width() : 0, points: open });
      open = [];
      say(`Shape ended. ${count()}`);
    };
    const back = () => {
      if (open.length) { open.pop(); return say(`Point taken back; ${open.length} left in this shape.`); }
      say(done.pop() ? `Last shape taken back. ${count()}` : "There is nothing to take back.");
    };
    const clear = () => { done.length = 0; open = []; say("All shapes removed."); };

    const place = (event) => {
      const frame = svg.getBoundingClientRect();
      return [((event.clientX - frame.left) / frame.width) * wide, ((event.clientY - frame.top) / frame.height) * high];
    };
    stage.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      cross = null;
      traced = { from: place(event), count: open.length };
      if (event.pointerType === "touch") return; /* a finger may only want to scroll: its tap counts when it lifts */
      stage.setPointerCapture(event.pointerId);
      point(...traced.from);
    });
    stage.addEventListener("pointermove", (event) => {
      if (!traced || event.pointerType === "touch") return;
      const [x, y] = place(event), last = open.at(-1);
      if (!last || Math.hypot(x - last[0], y - last[1]) >= 3) point(x, y);
    });
    stage.addEventListener("pointerup", (event) => {
      if (!traced) return;
      const at = place(event);
      if (event.pointerType === "touch") {
        if (Math.hypot(at[0] - traced.from[0], at[1] - traced.from[1]) < wide / 25) point(...traced.from);
      } else if (open.length - traced.count > fewest) end(); /* it was traced, not clicked */
      traced = null;
    });
    stage.addEventListener("pointercancel", () => { traced = null; });
    stage.addEventListener("dblclick", () => { if (open.length >= fewest) end(); });

    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    stage.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const keys = { " ": () => point(...cross), Enter: end, Backspace: back };
      if (!moves[event.key] && !keys[event.key]) return;
      event.preventDefault();
      event.stopPropagation();
      cross ??= [wide / 2, high / 2];
      if (keys[event.key]) return keys[event.key]();
      const step = event.shiftKey ? 10 : 1, [right, down] = moves[event.key];
      cross = [half(cross[0] + step * right, wide), half(cross[1] + step * down, high)];
      say(`Cross at ${named(cross)}.`);
    });
    stage.addEventListener("focus", () => {
      if (!stage.matches(":focus-visible")) return;
      cross ??= [wide / 2, high / 2];
      draw();
    });
    part("end").addEventListener("click", end);
    part("back").addEventListener("click", back);
    part("clear").addEventListener("click", clear);
    if (done.length) said.textContent = count();
    draw();
  };
  document.querySelectorAll(".annotate:not([data-ready])").forEach(start);
})();
