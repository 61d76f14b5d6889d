// Reads a question as a line of JSON and answers with one, for as long as there are questions.
const readline = require("node:readline");

const [LIMIT, FAR_BEYOND, ENOUGH] = [0.03, 0.08, 500];

function decide(question) {
  const { value, samples } = question.gates.find((gate) => gate.id === "errors");
  if (value === null || samples < ENOUGH) return "hold";
  if (value > FAR_BEYOND) return "rollback";
  return value > LIMIT ? "hold" : "promote";
}

readline
  .createInterface({ input: process.stdin })
  .on("line", (line) => {
    const decision = decide(JSON.parse(line));
    process.stdout.write(JSON.stringify({ decision }) + "\n");
  });
