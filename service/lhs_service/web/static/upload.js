// Makes the upload form kinder: files can be dropped, are listed, taken out again, and held against
// the limits before anything is sent. Without it the plain form does the same job.

const form = document.querySelector("[data-upload]");
const input = form.querySelector("input[type=file]");
const drop = form.querySelector("[data-drop]");
const list = form.querySelector("[data-chosen]");
const problem = form.querySelector("[data-problem]");
const said = form.querySelector("[data-said]");
const submit = form.querySelector("[data-submit]");
const words = submit.textContent;
const limits = {
  files: Number(form.dataset.mostFiles),
  fileBytes: Number(form.dataset.mostFileBytes),
  // What parts and fields of the form add is little; this leaves room for it.
  bytes: Number(form.dataset.mostBytes) - 65536,
};

let chosen = [];

function size(bytes) {
  if (bytes < 1024) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  if (bytes < 1 << 20) return `${Math.round(bytes / 1024)} KiB`;
  return `${(bytes / (1 << 20)).toFixed(1)} MiB`;
}

function isSame(one, other) {
  return one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;
}

function fault() {
  const large = chosen.filter((file) => file.size > limits.fileBytes);
  if (chosen.length > limits.files) return `Choose at most ${limits.files} files; these are ${chosen.length}.`;
  if (large.length) return `${large[0].name} is over the limit of ${size(limits.fileBytes)} for a file.`;
  const whole = chosen.reduce((sum, file) => sum + file.size, 0);
  if (whole > limits.bytes) return `Together these files are over the limit of ${size(limits.bytes)}.`;
  return "";
}

function row(file, position) {
  const item = document.createElement("li");
  const name = document.createElement("bdi");
  name.textContent = file.name;
  const bytes = document.createElement("span");
  bytes.className = "number";
  bytes.textContent = size(file.size);
  item.classList.toggle("over-limit", file.size > limits.fileBytes);
  const remove = document.createElement("button");
  remove.type = "button";
  remove.textContent = "×";
  remove.setAttribute("aria-label", `Take out ${file.name}`);
  remove.addEventListener("click", () => {
    choose(chosen.filter((other) => other !== file));
    (list.querySelectorAll("button")[position] ?? list.querySelector("button:last-child") ?? input).focus();
  });
  item.append(name, bytes, remove);
  return item;
}

function choose(files) {
  chosen = files;
  const held = new DataTransfer();
  for (const file of chosen) held.items.add(file);
  input.files = held.files;
  list.replaceChildren(...chosen.map(row));
  list.hidden = chosen.length === 0;
  problem.textContent = fault();
  said.textContent = chosen.length === 1 ? "1 file chosen" : `${chosen.length} files chosen`;
}

function add(files) {
  const fresh = [...files].filter((file) => !chosen.some((other) => isSame(file, other)));
  choose([...chosen, ...fresh]);
}

drop.classList.add("enhanced");
drop.querySelector("[data-drop-words]").hidden = false;

// A second choice adds to the first, as dropping does; the browser alone would replace it.
input.addEventListener("change", () => add(input.files));

// Dropped beside the zone, a file would make the browser leave the page for it.
for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());
drop.addEventListener("dragover", () => drop.classList.add("over"));
drop.addEventListener("dragleave", (event) => {
  if (!drop.contains(event.relatedTarget)) drop.classList.remove("over");
});
drop.addEventListener("drop", (event) => {
  drop.classList.remove("over");
  // A folder among what was dropped shows as a file without type or content; it cannot be read.
  add([...event.dataTransfer.files].filter((file) => file.size || file.type));
});

form.addEventListener("submit", (event) => {
  const wrong = fault();
  if (wrong || submit.getAttribute("aria-disabled") === "true") {
    event.preventDefault();
    problem.textContent = wrong;
    return;
  }
  submit.setAttribute("aria-disabled", "true");
  submit.textContent = "Uploading…";
});

// Coming back with the browser's history shows the page as it was left.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  submit.removeAttribute("aria-disabled");
  submit.textContent = words;
});

if (input.files.length) add(input.files);
