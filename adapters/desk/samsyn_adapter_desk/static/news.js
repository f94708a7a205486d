// A page that is renewed while somebody reads it: only what changed is touched, and what is new is said in words.
"use strict";

const MOST_NAMED = 3;
// A status that is emptied and filled in the same breath is no change to who listens.
const SAID_AFTER_MS = 200;

// What somebody has begun to fill in, or has ticked, stays as it is.
function isUntouched(old) {
  if (old.type === "hidden" || !("defaultValue" in old)) {
    return true;
  }
  return old.value === old.defaultValue && old.checked === old.defaultChecked;
}

function words(element) {
  return element.textContent.replace(/\s+/g, " ").trim();
}

function shownIn(live) {
  const named = [...live.querySelectorAll("[data-item]")].map((each) => [
    each.id,
    { name: words(each.querySelector("h2, h3, th") ?? each), text: words(each) },
  ]);
  return { items: new Map(named), text: words(live) };
}

function named(label, items, more) {
  if (!items.length) {
    return "";
  }
  const names = items.slice(0, MOST_NAMED).map((item) => item.name);
  const left = items.length - names.length;
  const told = `${label}: ${names.join("; ")}${left ? `; ${more.replace("{num}", left)}` : ""}`;
  return /[.?!]$/.test(told) ? told : `${told}.`;
}

// One sentence for what came, one for what changed, one for what went; none where all that is shown is as it was.
function newsOf(before, after, said) {
  if (before.text === after.text) {
    return "";
  }
  const come = [...after.items].filter(([id]) => !before.items.has(id)).map(([, item]) => item);
  const gone = [...before.items].filter(([id]) => !after.items.has(id)).map(([, item]) => item);
  const changed = [...after.items].filter(([id, item]) => (before.items.get(id) ?? item).text !== item.text);
  const told = [
    named(said.fresh, come, said.more),
    named(said.changed, changed.map(([, item]) => item), said.more),
    named(said.gone, gone, said.more),
  ];
  return told.filter(Boolean).join(" ") || said.otherwise;
}

// What somebody has unfolded stays so.
function isTheReaders(name, element) {
  return name === "open" && element.localName === "details";
}

// A button that says something else than before is another one: who stood on it is at the top of what it is about.
function goOnReading(id) {
  const item = document.activeElement === document.body && id ? document.getElementById(id) : null;
  if (item) {
    item.tabIndex = -1;
    item.focus({ preventScroll: true });
  }
}

htmx.defineExtension("keep", {
  isInlineSwap: (style) => style === "keep",
  handleSwap: (style, target, fragment) => {
    if (style !== "keep") {
      return false;
    }
    const status = document.getElementById("news");
    const before = shownIn(target);
    const read = document.activeElement?.closest("[data-item]")?.id;
    const beforeAttributeUpdated = (name, element) => !isTheReaders(name, element);
    const callbacks = { beforeNodeMorphed: isUntouched, beforeAttributeUpdated };
    const made = Idiomorph.morph(target, fragment.children, { morphStyle: "outerHTML", callbacks });
    goOnReading(read);
    const told = newsOf(before, shownIn(document.getElementById("live")), status.dataset);
    if (told) {
      status.textContent = "";
      setTimeout(() => {
        status.textContent = told;
      }, SAID_AFTER_MS);
    }
    return made;
  },
});
