/** Finds operations, schemas and problems on the page of the API, by words that they have in them. */

const parts = [...document.querySelectorAll("main article, .catalogue dt")].map(part => {
  const explained = part.localName === "dt" ? [part, part.nextElementSibling] : [part];
  return { elements: explained, id: part.id, text: explained.map(one => one.textContent).join(" ").toLowerCase() };
});
const entries = [...document.querySelectorAll("nav ul ul li")];

const field = document.createElement("input");
field.type = "search";
field.autocomplete = "off";
const label = document.createElement("label");
label.append("Search ", field);
const found = document.createElement("p");
found.setAttribute("role", "status");
document.querySelector("nav").prepend(label, found);

function search() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = new Set();
  for (const { elements, id, text } of parts) {
    const fits = words.every(word => text.includes(word));
    elements.forEach(one => (one.hidden = !fits));
    if (fits) {
      shown.add(id);
    }
  }
  entries.forEach(entry =>
    (entry.hidden = !shown.has(decodeURIComponent(entry.querySelector("a").hash.slice(1)))));
  for (const section of document.querySelectorAll("main section")) {
    const own = [...section.querySelectorAll("article, .catalogue dt")];
    section.hidden = own.length > 0 && own.every(one => one.hidden);
  }
  found.textContent = words.length === 0 ? "" : shown.size === 0 ? "Nothing has that." : `${shown.size} of ${parts.length}`;
}

field.addEventListener("input", search);

/** Who follows a link to what is hidden wants to see it. */
addEventListener("hashchange", () => {
  const wanted = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (wanted?.closest("[hidden]")) {
    field.value = "";
    search();
    wanted.scrollIntoView();
  }
});
