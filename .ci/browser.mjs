// A small driver for Chromium, over the pipe of its DevTools protocol: nothing but Node is needed.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Starts a browser with one page.
export async function launch(program) {
  const profile = mkdtempSync(join(tmpdir(), "explorer-"));
  const child = spawn(program, [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--no-first-run", "--hide-scrollbars", `--user-data-dir=${profile}`, "--remote-debugging-pipe", "about:blank",
  ], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  const waiting = new Map(), heard = [];
  let number = 0, text = "";
  child.stdio[4].on("data", (bytes) => {
    text += bytes;
    for (let at = text.indexOf("\0"); at >= 0; at = text.indexOf("\0")) {
      const message = JSON.parse(text.slice(0, at));
      text = text.slice(at + 1);
      if (message.id === undefined) { heard.forEach((hear) => hear(message)); continue; }
      const [fine, wrong] = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error) wrong(new Error(message.error.message)); else fine(message.result);
    }
  });
  const send = (method, params = {}, sessionId) => new Promise((fine, wrong) => {
    waiting.set(++number, [fine, wrong]);
    child.stdio[3].write(`${JSON.stringify({ id: number, method, params, sessionId })}\0`);
  });
  const { targetInfos } = await send("Target.getTargets");
  const target = targetInfos.find((info) => info.type === "page");
  const { sessionId } = await send("Target.attachToTarget", { targetId: target.targetId, flatten: true });
  const call = (method, params) => send(method, params, sessionId);
  const said = [], asked = [];
  heard.push(({ method, params }) => {
    if (method === "Runtime.consoleAPICalled" && !["log", "info", "debug"].includes(params.type)) said.push(params.args.map((arg) => arg.value ?? arg.description).join(" "));
    if (method === "Runtime.exceptionThrown") said.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    if (method === "Log.entryAdded" && params.entry.level === "error") said.push(`${params.entry.text} ${params.entry.url ?? ""}`);
    if (method === "Network.requestWillBeSent") asked.push(params.request.url);
  });
  for (const domain of ["Page", "Runtime", "Log", "Network"]) await call(`${domain}.enable`);
  const close = async () => {
    await Promise.race([send("Browser.close").catch(() => {}), sleep(2000)]);
    child.kill("SIGKILL");
    for (let tries = 0; tries < 20; tries += 1) {
      try { rmSync(profile, { recursive: true, force: true }); break; } catch { await sleep(100); }
    }
  };
  // What somebody says yes to when a page asks; a page in the back may not read the clipboard.
  const permit = async (origin, ...permissions) => {
    await send("Browser.grantPermissions", { origin, permissions });
    await call("Emulation.setFocusEmulationEnabled", { enabled: true });
  };
  return { call, said, asked, close, permit, ...hands(call) };
}

// What a reader does with a page.
function hands(call) {
  const evaluate = async (expression) => {
    const { result, exceptionDetails } = await call("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  const until = async (expression, what = expression, within = 60_000) => {
    const end = Date.now() + within;
    while (Date.now() < end) {
      if (await evaluate(`Boolean(${expression})`)) return;
      await sleep(25);
    }
    throw new Error(`never: ${what}`);
  };
  const box = async (selector) => {
    const found = await evaluate(`(() => { const e = document.querySelector(${JSON.stringify(selector)}); if (!e) return null;
      for (let d = e.parentElement; d; d = d.parentElement) if (d.tagName === "DETAILS") d.open = true;
      e.scrollIntoView({ block: "center" }); const r = e.getBoundingClientRect(); return [r.left, r.top, r.width, r.height]; })()`);
    if (!found) throw new Error(`there is no ${selector}`);
    return found;
  };
  const mouse = (type, x, y, more = {}) => call("Input.dispatchMouseEvent", { type, x, y, button: "left", buttons: type === "mouseReleased" ? 0 : 1, clickCount: 1, ...more });
  const click = async (selector) => {
    const [left, top, width, height] = await box(selector);
    const [x, y] = [left + width / 2, top + height / 2];
    await mouse("mousePressed", x, y);
    await mouse("mouseReleased", x, y);
  };
  // Takes a slider by its thumb and moves it to a share of its width.
  const drag = async (selector, to, steps = 6) => {
    const [left, top, width, height] = await box(selector);
    const share = await evaluate(`(() => { const e = document.querySelector(${JSON.stringify(selector)}); return e.value / e.max; })()`);
    const place = (part) => left + 9 + part * (width - 18), y = top + height / 2;
    await mouse("mousePressed", place(share), y);
    for (let step = 1; step <= steps; step += 1) {
      await mouse("mouseMoved", place(share + ((to - share) * step) / steps), y);
      await sleep(15);
    }
    await mouse("mouseReleased", place(to), y);
  };
  const key = async (name, code = name, number = 0, text) => {
    await call("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", key: name, code, windowsVirtualKeyCode: number, text });
    await call("Input.dispatchKeyEvent", { type: "keyUp", key: name, code, windowsVirtualKeyCode: number });
  };
  const looks = async ({ width = 1440, height = 1000, dark = false, phone = false }) => {
    await call("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: phone });
    await call("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }, { name: "prefers-reduced-motion", value: "reduce" }] });
  };
  const shot = async (path) => {
    const { data } = await call("Page.captureScreenshot", { format: "png" });
    writeFileSync(path, Buffer.from(data, "base64"));
  };
  const open = async (url) => {
    await call("Page.navigate", { url });
    await until("document.readyState === 'complete'");
  };
  return { evaluate, until, click, drag, key, looks, shot, open };
}
