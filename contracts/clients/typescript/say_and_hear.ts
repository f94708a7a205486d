// A whole client of Samsyn's HTTPS profile: says the event in the file given, then prints whatever the agency is told.
// SAMSYN_EXCHANGE_URL=https://… SAMSYN_TOKEN=… node say_and_hear.js event.json [cursor]
import { readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";

type Answer = { id?: string; status: string; retry: boolean; reasons: { pointer: string; code: string; text_sv: string }[] };
type Page = { events: { offset: number; event: { id: string; type: string; data: unknown } }[]; next: number };

const { SAMSYN_EXCHANGE_URL: exchange, SAMSYN_TOKEN: token } = process.env;

async function ask<T>(path: string, said?: RequestInit): Promise<T> {
  for (;;) { // away: the same again with the same id, until there is an answer
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/cloudevents+json" };
    const response = await fetch(`${exchange}/v1${path}`, { ...said, headers }).catch(console.error);
    if (response && response.status < 500) return (await response.json()) as T;
    await setTimeout(2000);
  }
}

console.log(JSON.stringify(await ask<Answer>("/events", { method: "POST", body: await readFile(process.argv[2]!, "utf8") })));
for (let cursor = process.argv[3]; ; ) {
  const page = await ask<Page>(`/inbox?wait=25${cursor === undefined ? "" : `&cursor=${cursor}`}`);
  if (!page.events) throw new Error(JSON.stringify(page)); // cursor_unknown, cursor_gone: see GET /v1/state
  for (const told of page.events) console.log(JSON.stringify(told)); // keep it: asking on acknowledges it
  cursor = String(page.next);
}
