// What `.ci/explorer` does on the page.
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { launch, sleep } from "./browser.mjs";

const [task, subject, address] = process.argv.slice(2);
const { WORK: work, COALMINE: coalmine, FOLDER: folder, BROWSER: program, SERVER: server } = process.env;
const url = address.trim();
const axe = join(work, "node_modules/axe-core/axe.min.js");
const mistakes = [];
const expect = (fine, what) => { if (!fine) mistakes.push(what); };
const slider = (path) => `input[type=range][data-path="${path}"]`;
const answers = "document.getElementById('answers').dataset";
const TARGET = 2000;

const browser = await launch(program);
const { call, evaluate, until, click, drag, key, looks, shot, open } = browser;

// The answer to what is set now: the state is put on the page anew by each first answer.
async function answered(level = TARGET, within = 120_000) {
  await until(`${answers}.level >= ${level} && !document.querySelector('.answers.waiting')`, `an answer from ${level} rollouts`, within);
}

async function moved(what) {
  await evaluate(`delete ${answers}.level, delete ${answers}.curve, true`);
  await what();
  await answered();
  await until(`${answers}.curve >= ${TARGET}`, "the curve");
}

const text = (selector) => evaluate(`document.querySelector(${JSON.stringify(selector)})?.textContent ?? ""`);
const drawing = () => evaluate("[...document.querySelectorAll('#curves svg, #spreads svg')].map((e) => e.innerHTML).join('').length + ':' + document.querySelector('#curves .line-1')?.getAttribute('d')");

async function barriers(look) {
  if (!existsSync(axe)) return;
  await call("Page.setBypassCSP", { enabled: true });
  await evaluate(readFileSync(axe, "utf8") + "; true");
  const found = await evaluate("axe.run().then((r) => JSON.stringify(r.violations.map((v) => [v.id, v.nodes.length, v.nodes[0].html.slice(0, 200), v.nodes[0].failureSummary])))");
  expect(found === "[]", `${look}: ${found}`);
}

// Moves three sliders, takes the patch along and asks the command line.
async function check() {
  await looks({});
  await newcomer();
  await open(`${url}#most=2000`);
  await answered();
  await until(`${answers}.curve >= ${TARGET}`, "the curve");
  const [before, hash] = [await drawing(), await evaluate(`${answers}.hash`)];

  // By mouse.
  await moved(() => drag(slider("gates.errors-high.breach.limit.absolute"), 0.75));
  expect(await drawing() !== before, "the curves stand still under the mouse");
  // By keyboard: from the field of one slider to another.
  const after = await drawing();
  await evaluate(`(() => { const e = document.querySelector('${slider("stages.to-1.target")}'); e.focus(); })()`);
  await moved(async () => { for (let times = 0; times < 6; times += 1) { await key("ArrowRight", "ArrowRight", 39); await sleep(30); } });
  expect(await evaluate("document.activeElement.dataset.path") === "stages.to-1.target", "the slider lost the focus");
  expect(await drawing() !== after, "the curves stand still under the arrow keys");
  const then = await drawing();
  await evaluate(`document.querySelector('${slider("gates.errors-high.over")}').focus()`);
  await moved(async () => { await key("PageUp", "PageUp", 33); });
  expect(await drawing() !== then, "the curves stand still under a page key");
  expect(await evaluate(`${answers}.hash`) === hash, "today's policy moved");
  expect((await text("#said")).includes("rollouts"), "a screen reader is told nothing");
  expect(await evaluate("new URLSearchParams(location.hash.slice(1)).getAll('set').length") === 3, "the link does not hold what is set");

  // The rollout behind a bar.
  await click("#endings .end");
  await until("document.querySelector('#why[open] svg.chart')", "the story of a rollout");
  expect((await text("#why-body pre:last-of-type")).includes("--replication"), "the story has no command");
  await key("Escape", "Escape", 27);
  await until("!document.querySelector('#why[open]')", "Escape closes the story");
  expect(await evaluate("document.activeElement.classList.contains('end')"), "the focus does not go back to the bar");

  // A value that means nothing is refused on the page, and taken back.
  const field = "#" + await evaluate(`document.querySelector('${slider("rollback.deadline")}').id`) + "-field";
  await evaluate(`(() => { const e = document.querySelector('${field}'); e.value = 'soon'; e.dispatchEvent(new Event('change')); })()`);
  await until("!document.getElementById('refused').hidden", "a refusal");
  expect((await text("#refused")).includes("CM073"), "the refusal has no code");
  await moved(() => evaluate(`(() => { const e = document.querySelector('${field}'); e.value = '5m'; e.dispatchEvent(new Event('change')); })()`));

  await taken();
  await figures();
  for (const [look, how] of [["light", {}], ["dark", { dark: true }], ["phone", { width: 390, height: 844, phone: true }]]) {
    await looks(how);
    await barriers(look);
    const width = await evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    expect(width <= 0, `${look}: ${width} pixels too wide`);
  }
  const outside = browser.asked.filter((asked) => !asked.startsWith(url.split("/").slice(0, 3).join("/")));
  expect(outside.length === 0, `asked elsewhere: ${outside}`);
  expect(browser.said.length === 0, `said: ${browser.said}`);
}

// What a button puts on the clipboard, read back from there.
async function copied(button) {
  await evaluate("document.getElementById('copied').textContent = '', navigator.clipboard.writeText('nothing yet').then(() => true)");
  await click(button);
  await until("document.getElementById('copied').textContent", `${button} says what it did`);
  expect((await text("#copied")).endsWith("is copied."), `${button}: ${await text("#copied")}`);
  return evaluate("navigator.clipboard.readText()");
}

// A newcomer's way from the printed address to a limit that can be shipped: docs/what-limit.md. Each press counts.
async function newcomer() {
  await browser.permit(new URL(url).origin, "clipboardReadWrite", "clipboardSanitizedWrite");
  let clicks = 0;
  const count = async (act) => { clicks += 1; await act(); };
  await open(url);
  await answered();
  const limit = "gates.errors-high.breach.limit.absolute", model = JSON.parse(await evaluate("fetch('model').then((answer) => answer.text())"));
  const { values } = model.numbers.find((number) => number.path === limit);
  // The list on the left shows it without a search, and 2 % is a place of its slider.
  expect(await evaluate(`document.querySelector('${slider(limit)}').checkVisibility()`), "the limit is folded away");
  await count(() => moved(() => drag(slider(limit), values.indexOf("2%") / (values.length - 1))));
  expect((await evaluate("location.hash")) === `#${new URLSearchParams({ set: `${limit}=2%` })}`, `the slider is at ${await evaluate("location.hash")}`);
  expect((await text("#figures")).includes("worse"), "the cards do not say what became worse");
  expect((await text("#objectives")).includes("missed_regression"), "no word of missed regressions");
  // A third of the regression: caught by today's limit, and not always by the new one.
  await count(() => drag("#size", 1 / 8));
  const [, now, today] = /^0\.375 × the regression: acted on ([\d.]+) .*today acted on ([\d.]+) /.exec(await text("#size-says")) ?? [];
  expect(Number(today) > 95 && Number(now) < 90, `the size says ${await text("#size-says")}`);
  await count(() => click("#endings .end"));
  await until("document.querySelector('#why[open] svg.chart')", "the story of a rollout");
  await count(() => click("#why-close"));
  let patch = "";
  await count(async () => { patch = await copied("#copy-patch"); });
  expect(/^\+.*2%/m.test(patch) && patch === await text("#patch"), `the clipboard has ${patch}`);
  expect(clicks <= 5, `${clicks} clicks to a limit`);
  console.log(`explorer: from the address to a patch of the limit in ${clicks} clicks`);
}

// The three buttons after the moves of this check, and what becomes of what they copy.
async function taken() {
  const patch = await copied("#copy-patch"), script = await copied("#copy-command"), link = await copied("#copy-link");
  expect(patch === await text("#patch") && patch.startsWith("--- "), `copied as a patch: ${patch}`);
  expect(link === await evaluate("location.href") && link.includes("set="), `copied as a link: ${link}`);
  // The command is a paste for a shell: it applies the patch, and calls coalmine as the page says.
  const bin = join(work, "bin"), before = readFileSync(join(work, "svc/policy.yaml"), "utf8");
  mkdirSync(bin);
  writeFileSync(join(bin, "coalmine"), '#!/bin/sh\necho "coalmine $*"\n');
  chmodSync(join(bin, "coalmine"), 0o755);
  const said = execFileSync("bash", ["-e"], { cwd: work, input: script, env: { ...process.env, PATH: `${bin}:${process.env.PATH}` }, encoding: "utf8" });
  expect(said.trim() === await text("#command"), `the pasted commands call ${said}`);
  expect(readFileSync(join(work, "svc/policy.yaml"), "utf8") !== before, "the pasted command applies no patch");
  writeFileSync(join(work, "back.patch"), patch);
  execFileSync("git", ["apply", "-R", "back.patch"], { cwd: work });
  expect(readFileSync(join(work, "svc/policy.yaml"), "utf8") === before, "the patch cannot be taken back");
  // The link opens what is on the page.
  const changed = await evaluate(`${answers}.changed`);
  await open("about:blank");
  await open(link);
  await answered();
  await until(`${answers}.curve >= ${TARGET}`, "the curve");
  expect(await evaluate(`${answers}.changed`) === changed && changed !== "", "the link opens another policy");
}

// The patch and the command of the page, and what the command line makes of them.
async function figures() {
  const patch = await text("#patch"), commands = (await text("#command")).split("\n");
  writeFileSync(join(work, "copied.patch"), patch);
  execFileSync("git", ["apply", "copied.patch"], { cwd: work });
  const run = (command) => {
    const words = command.split(" ").slice(1);
    try { return JSON.parse(execFileSync(coalmine, [...words, "-q", "--format", "json", "--no-fail"], { cwd: work, maxBuffer: 1 << 28 })); } catch (error) {
      return JSON.parse(error.stdout);
    }
  };
  const result = run(commands[0]);
  // The page's own hash is one without values: what is held to the command is how every rollout ended.
  for (const scenario of result.scenarios) {
    for (const [outcome, many] of Object.entries(scenario.outcomes)) {
      const shown = `#endings .end[data-side="changed"][data-scenario="${scenario.scenario}"][data-outcome="${outcome}"]`;
      const title = await evaluate(`document.querySelector(${JSON.stringify(shown)})?.title ?? ""`);
      expect(title.endsWith(`: ${many} of ${result.runs / result.scenarios.length}`), `${shown} says ${title}, the command ${many}`);
    }
  }
  // Invariants that hold are named in one line.
  const kept = await text("#kept");
  for (const row of result.objectives.filter((row) => row.value !== null)) {
    if (row.id.startsWith("INV-") && row.value === 0 && row.status === "ok") {
      expect(kept.includes(row.id), `${row.id} is not among those that hold`);
      continue;
    }
    const shown = await evaluate(`[...document.querySelectorAll('#objectives tbody tr')].find((e) => e.cells[0].textContent === ${JSON.stringify(row.id)})?.cells[2].textContent ?? ""`);
    const percent = Number.parseFloat(shown);
    expect(Math.abs(percent - 100 * row.value) < 0.06, `${row.id}: ${shown} on the page, ${row.value} from the command`);
  }
  execFileSync("git", ["apply", "-R", "copied.patch"], { cwd: work });
}

// How long answers take, moved by somebody in a hurry.
async function speed() {
  await looks({});
  await open(url);
  await answered(10_000, 300_000);
  const path = await evaluate("document.querySelector('input[type=range][data-path*=\"limit\"]').dataset.path");
  const took = { first: [], all: [] };
  for (let move = 1; move <= 5; move += 1) {
    await evaluate(`delete ${answers}.level, delete document.documentElement.dataset.all, true`);
    await evaluate(`(() => { const e = document.querySelector('${slider(path)}'); e.value = ${18 - move}; e.dispatchEvent(new Event('input')); })()`);
    await until("document.documentElement.dataset.all", "the last answer", 300_000);
    took.first.push(Number(await evaluate("document.documentElement.dataset.first")));
    took.all.push(Number(await evaluate("document.documentElement.dataset.all")));
  }
  // A move in the middle of 200 000 rollouts, which have to stop first.
  await evaluate(`(() => { const e = document.getElementById('most'); e.value = '200000'; e.dispatchEvent(new Event('change')); })()`);
  await until(`${answers}.level >= 10000 && !document.querySelector('.answers.waiting') && document.getElementById('state').textContent.includes('more to come')`, "the middle", 300_000);
  await evaluate(`delete document.documentElement.dataset.first, delete ${answers}.level, true`);
  await evaluate(`(() => { const e = document.getElementById('most'); e.value = '10000'; const s = document.querySelector('${slider(path)}'); s.value = 11; s.dispatchEvent(new Event('input')); })()`);
  await until("document.documentElement.dataset.first", "the first answer", 60_000);
  const amid = await evaluate("document.documentElement.dataset.first");
  // Fifty quick moves, and then the answer to the last.
  await evaluate(`delete ${answers}.level, true`);
  for (let move = 0; move < 50; move += 1) {
    await evaluate(`(() => { const e = document.querySelector('${slider(path)}'); e.value = ${move % 17}; e.dispatchEvent(new Event('input')); })()`);
    await sleep(30);
  }
  const begun = Date.now();
  await answered(100, 60_000);
  const after = Date.now() - begun;
  const stops = await cancelled();
  const middle = (all) => all.sort((one, other) => one - other)[Math.floor(all.length / 2)];
  console.log(`${subject}: first answer ${middle(took.first)} ms after a move, 10 000 rollouts ${middle(took.all)} ms; first answer amid 200 000 rollouts ${amid} ms; after fifty quick moves ${after} ms`);
  if (stops.length > 0) console.log(`${subject}: the last work of an old question ${middle(stops)} ms after a new one (${stops.join(", ")})`);
}

// Nanoseconds that each thread but the first, which answers requests, has worked.
function worked() {
  const folder = `/proc/${server}/task`, all = new Map();
  for (const thread of readdirSync(folder).filter((thread) => thread !== server)) {
    try { all.set(thread, Number(readFileSync(join(folder, thread, "schedstat"), "utf8").split(" ")[0])); } catch { /* It has just ended. */ }
  }
  return all;
}

// Milliseconds from a new question, which is refused at once, to the last work of any thread for the old one.
async function cancelled() {
  if (!existsSync(`/proc/${server}/schedstat`)) return [];
  const ask = (query) => new Promise((fine) => get(`${url}study?page=measured&${query}`, (answer) => { answer.on("error", () => {}); answer.on("data", fine); }).on("error", () => {}));
  const stops = [];
  for (let times = 0; times < 9; times += 1) {
    await ask("most=1000000");
    await sleep(500 + 100 * times);
    let before = worked(), last = performance.now();
    const begun = last;
    ask("set=nothing=1");
    while (performance.now() - last < 300) {
      const now = worked();
      if ([...now].some(([thread, ran]) => ran > (before.get(thread) ?? 0))) last = performance.now();
      before = now;
      await sleep(1);
    }
    stops.push(Math.round(last - begun));
  }
  return stops;
}

async function shots() {
  const name = subject.replaceAll(/[^a-z]+/g, "-");
  const set = subject === "wedge" ? "gates.error-rate-trigger.breach.limit.absolute=0.02" : "gates.errors-high.breach.limit.absolute=2%";
  await looks({});
  await open(`${url}#${new URLSearchParams({ set })}`);
  await answered(10_000, 600_000);
  await until(`${answers}.curve >= 10000`, "the curve", 600_000);
  for (const [look, how] of [["light", {}], ["dark", { dark: true }], ["phone", { width: 390, height: 844, phone: true }]]) {
    await looks(how);
    await sleep(200);
    const height = await evaluate("document.documentElement.scrollHeight");
    await looks({ ...how, height });
    await sleep(200);
    await shot(join(folder, `${name}-${look}.png`));
  }
}

// What somebody sees who has moved the limit.
async function picture() {
  await looks({ width: 1240, height: 820 });
  await open(`${url}#${new URLSearchParams({ set: "gates.errors-high.breach.limit.absolute=2%" })}`);
  await answered(10_000, 600_000);
  await until(`${answers}.curve >= 10000`, "the curve", 600_000);
  await shot(join(folder, "explorer.png"));
}

try {
  await { check, speed, shots, picture }[task]();
} catch (error) {
  mistakes.push(error.message);
} finally {
  await browser.close();
}
mistakes.forEach((mistake) => console.error(`${subject}: ${mistake}`));
if (mistakes.length > 0) process.exit(1);
if (task === "check") console.log("explorer: three sliders by mouse and keyboard, the figures of the command line, no barrier in light, dark and on a phone");
