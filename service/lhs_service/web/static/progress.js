// Asks now and then how far the analysis is, and shows it; at the end the page loads itself anew.

const live = document.querySelector("[data-live]");
const stage = live.querySelector("[data-stage]");
const bar = live.querySelector("[data-bar]");
const count = live.querySelector("[data-count]");
const what = live.querySelector("[data-what]");
const problem = live.querySelector("[data-problem]");
const steps = [...live.querySelectorAll("[data-step]")];

const EVERY = 1000;
const AFTER_FAULT = 5000;

function setText(element, text) {
  // Written only where it changes, since the stage is read out on every write.
  if (element.textContent !== text) element.textContent = text;
}

function showSteps(at) {
  steps.forEach((step, position) => {
    step.classList.toggle("past", position < at);
    step.classList.toggle("present", position === at);
    if (position === at) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
  });
}

function show(analysis) {
  const { stage: name, done, total, what: now } = analysis.progress;
  const at = steps.findIndex((step) => step.dataset.step === name);
  const waiting = analysis.state === "queued";
  setText(stage, waiting ? "Waiting for its turn" : (steps[at]?.dataset.words ?? "Getting ready"));
  showSteps(waiting ? -1 : at);
  if (total && !waiting) {
    bar.max = total;
    bar.value = done;
  } else {
    bar.removeAttribute("value");
  }
  setText(count, total && !waiting ? `${done} of ${total}` : "");
  setText(what, waiting ? "" : now);
}

async function ask() {
  const answer = await fetch(live.dataset.live, { headers: { Accept: "application/json" } });
  if (answer.status === 404) return location.reload();
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  const analysis = await answer.json();
  if (analysis.state === "done" || analysis.state === "failed") return location.reload();
  show(analysis);
  setText(problem, "");
  setTimeout(watch, EVERY);
}

function watch() {
  ask().catch(() => {
    setText(problem, "The service does not answer at the moment; this page keeps asking.");
    setTimeout(watch, AFTER_FAULT);
  });
}

watch();
