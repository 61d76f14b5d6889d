// Questions to the server. A new question ends the one before, here and there.
const page = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
let current;

// What is set, as the server reads it.
export function question(state) {
  const query = new URLSearchParams({ page, most: state.most });
  if (state.regression) query.set("regression", state.regression);
  for (const [path, text] of state.sets) query.append("set", `${path}=${text}`);
  return query;
}

// Asks for answers; `told` gets each event, as long as nothing else is asked.
export function ask(query, told) {
  current?.abort();
  const mine = new AbortController();
  current = mine;
  const still = (kind, data) => { if (!mine.signal.aborted) told(kind, data); };
  stream(query, still, mine.signal).catch((error) => still("refused", { text: `No answer: ${error.message}. Does coalmine serve still run?` }));
}

async function stream(query, told, signal) {
  const answer = await fetch(`study?${query}`, { signal });
  if (answer.status === 503) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return signal.aborted ? undefined : stream(query, told, signal);
  }
  if (!answer.ok) throw new Error((await answer.text()).trim());
  let text = "", ended = false;
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    text += value;
    for (let at = text.indexOf("\n\n"); at >= 0; at = text.indexOf("\n\n")) {
      const event = /^event: (\w+)\ndata: (.*)$/s.exec(text.slice(0, at));
      text = text.slice(at + 2);
      if (!event) continue;
      ended = ended || event[1] === "done" || event[1] === "refused";
      told(event[1], JSON.parse(event[2]));
    }
  }
  if (!ended) throw new Error("the answer ended early");
}

// One rollout that shows what was pointed at.
export async function why(state, wanted) {
  const query = question(state);
  for (const [name, value] of Object.entries(wanted)) query.set(name, value);
  const answer = await fetch(`why?${query}`);
  if (!answer.ok) throw new Error((await answer.text()).trim());
  return answer.json();
}
