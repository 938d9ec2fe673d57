(() => {
  "use strict";
  // All text is set with textContent: what a paper says never becomes markup.
  let store = null;
  let cameFrom = null;

  const make = (tag, text, className) => {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    if (className) node.className = className;
    return node;
  };

  const source = (entry, page, item) => {
    const [path, copies, site, day, kind, status, pages, title] = entry;
    const line = make("p", undefined, "src");
    line.append(make("bdi", path));
    const more = [];
    if (page !== null) more.push(`page ${page}`);
    if (item) more.push(`item ${item}`);
    more.push(site === "not stated" ? "site not stated" : site, day ?? "date not stated");
    if (kind) more.push(kind.replace("_", " "));
    if (item === null) {
      more.push(status, `${pages ?? "?"} pages`);
      if (copies) more.push(`${copies} more with the same bytes`);
      if (title) more.push(title);
    }
    line.append(` · ${more.join(" · ")}`);
    return line;
  };

  const quote = (text, marks, wanted) => {
    const node = make("blockquote");
    // Offsets count Unicode characters; a JavaScript string counts UTF-16 units.
    const characters = Array.from(text);
    let at = 0;
    for (const [start, end, name] of marks) {
      const fits = wanted && (name === wanted || name.startsWith(`${wanted}:`));
      if (!fits || start < at) continue;
      node.append(characters.slice(at, start).join(""));
      node.append(make("mark", characters.slice(start, end).join("")));
      at = end;
    }
    node.append(characters.slice(at).join(""));
    return node;
  };

  const back = () => {
    const link = make("a", "Back to the number", "back");
    link.href = "#main";
    return link;
  };

  const fill = (details) => {
    if (details.dataset.filled) return;
    details.dataset.filled = "yes";
    store ??= JSON.parse(document.getElementById("evidence-store").textContent);
    const [isDocuments, wanted, entries] = store.lists[details.id];
    const list = make("ol");
    for (const index of entries) {
      const line = make("li");
      if (isDocuments) {
        line.append(source(store.documents[index], null, null));
      } else {
        const [doc, page, item, text, marks] = store.passages[index];
        line.append(source(store.documents[doc], page, item), quote(text, marks, wanted));
      }
      list.append(line);
    }
    details.append(list, back());
  };

  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target || target.tagName !== "DETAILS") return;
    target.open = true;
    if (target.parentElement.id === "evidence") fill(target);
    target.scrollIntoView();
    target.querySelector("summary").focus({ preventScroll: true });
  };

  document.getElementById("evidence").addEventListener("toggle", (event) => {
    if (event.target.open) fill(event.target);
  }, true);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link) return;
    if (link.className === "back" && cameFrom) {
      event.preventDefault();
      cameFrom.scrollIntoView({ block: "center" });
      cameFrom.focus({ preventScroll: true });
      return;
    }
    if (!link.closest("#evidence")) cameFrom = link;
    // A second click on the same number changes no hash, and so fires no event.
    if (link.hash === location.hash) reveal();
  });
  window.addEventListener("hashchange", reveal);
  reveal();
})();
