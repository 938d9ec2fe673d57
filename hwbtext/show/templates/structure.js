(() => {
  "use strict";
  const main = document.getElementById("main");
  let lit = "";
  // A block has one text and a box in each column that it runs through: all light up together.
  const light = (n) => {
    if (n === lit) return;
    for (const each of main.querySelectorAll(".on")) each.classList.remove("on");
    lit = n;
    if (n) for (const each of main.querySelectorAll(`[data-n="${n}"]`)) each.classList.add("on");
  };
  const numberOf = (node) => node.closest("[data-n]")?.dataset.n ?? "";
  main.addEventListener("pointerover", (event) => light(numberOf(event.target)));
  main.addEventListener("focusin", (event) => light(numberOf(event.target)));
  main.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const n = link && numberOf(link);
    if (!n) return;
    const box = document.getElementById(`x${n}`);
    const text = document.querySelector(`#b${n} .n`);
    const other = link.closest("svg") || !box ? text : box;
    if (!other) return;
    event.preventDefault();
    light(n);
    other.focus({ preventScroll: true });
    other.scrollIntoView({ block: "nearest" });
  });
  const arrive = () => light(/^#[bx](\d+)$/.exec(location.hash)?.[1] ?? lit);
  window.addEventListener("hashchange", arrive);
  arrive();
})();
