// One rollout from beginning to end, for whatever was chosen.
import { why } from "./ask.js";
import { drawn, element } from "./charts.js";

const byId = (id) => document.getElementById(id);

export function listenToBars(state) {
  const dialog = byId("why");
  byId("why-close").addEventListener("click", () => dialog.close());
  // A click beside the dialog closes it too.
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  byId("answers").addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-scenario]");
    if (chosen) open(state, chosen.dataset);
  });
}

async function open(state, { scenario, outcome, replication, side }) {
  const wanted = { scenario, side };
  if (outcome) wanted.outcome = outcome;
  if (replication) wanted.replication = replication;
  byId("why-head").textContent = `One rollout of ${scenario}`;
  byId("why-body").replaceChildren(element("p", { class: "lead" }, "Looking for one."));
  byId("why").showModal();
  try {
    show(await why(state, wanted), state, wanted);
  } catch (error) {
    byId("why-body").replaceChildren(element("p", {}, `No answer: ${error.message}`));
  }
}

function show(told, state, wanted) {
  if (told.refused) {
    byId("why-body").replaceChildren(element("pre", { tabindex: "0" }, told.refused));
    return;
  }
  byId("why-head").textContent = `Rollout ${told.replication} of ${told.scenario}: ${told.outcome.replaceAll("_", " ")}, ${told.verdict}`;
  const parts = [];
  if (told.reasons.length > 0) parts.push(element("ul", { class: "causes" }, ...told.reasons.map((reason) => element("li", {}, reason))));
  const first = told.changed ? "After the patch, this command tells it again:" : "This command tells it again:";
  parts.push(drawn({ ...told.chart, id: "why-timeline", wide: true }));
  parts.push(element("p", { class: "lead" }, first), element("pre", { tabindex: "0", role: "group", "aria-label": "The command that tells it again" }, told.command));
  if (wanted.outcome) {
    const next = element("button", { type: "button" }, "Another one");
    next.addEventListener("click", () => open(state, { ...wanted, replication: String(told.replication + 1) }));
    parts.push(next);
  }
  byId("why-body").replaceChildren(...parts);
}
