// What is found is taken along: as a patch, as commands, as a link.
import { element } from "./charts.js";

const byId = (id) => document.getElementById(id);
const commands = { simulate: "", curve: "" };
let patch = "", text = "", library = false;

export function share(model, state) {
  library = Boolean(model.library);
  copies("copy-patch", () => patch, "patch");
  copies("copy-command", script, "command");
  copies("copy-link", () => location.href, "link");
  copies("copy-policy", () => text, "policy");
  const lead = byId("ship-lead");
  if (model.subject) lead.textContent = "The assumed world is set by the options of the command.";
  else if (library) lead.textContent = `${model.name} is a part of coalmine, and the patch is one of its sources. Copy the whole policy to begin one of your own.`;
  else lead.textContent = `git apply takes the patch where coalmine serve was started; the commands give the same figures with the same seed.`;
  byId("copy-policy").hidden = Boolean(model.subject);
  return state;
}

export function showPatch(data) {
  patch = data.patch;
  text = data.text ?? "";
  byId("copy-patch").disabled = patch === "";
  byId("copy-policy").disabled = text === "";
  const place = byId("patch");
  place.hidden = patch === "";
  place.replaceChildren(...patch.split(/(?<=\n)/).map(line));
}

function line(words) {
  const isHead = words.startsWith("---") || words.startsWith("+++");
  const kind = isHead || words.startsWith("@@") ? "at" : words.startsWith("+") ? "new" : words.startsWith("-") ? "old" : undefined;
  return kind ? element("span", { class: `patch-${kind}` }, words) : words;
}

export function showCommand(kind, words) {
  commands[kind] = words;
  byId("command").textContent = [commands.simulate, commands.curve].filter(Boolean).join("\n");
}

// The patch and the commands as one paste for a shell.
function script() {
  const all = [commands.simulate, commands.curve].filter(Boolean).join("\n");
  return patch && !library ? `git apply <<'PATCH'\n${patch}PATCH\n${all}\n` : `${all}\n`;
}

function copies(id, what, name) {
  byId(id).addEventListener("click", async () => {
    const words = what();
    try {
      await navigator.clipboard.writeText(words);
    } catch {
      if (!byHand(words)) {
        byId("copied").textContent = `The browser does not let the page copy: select the ${name} below.`;
        return;
      }
    }
    byId("copied").textContent = `The ${name} is copied.`;
  });
}

// For browsers that keep the clipboard from pages.
function byHand(words) {
  const area = element("textarea", { class: "sr" });
  area.value = words;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
