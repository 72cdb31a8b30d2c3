// Lists, shows with an include, creates, updates and deletes a candidate, as kitsu does it.
import Kitsu from "kitsu";

const [, , baseURL, token] = process.argv;
const api = new Kitsu({
  baseURL,
  camelCaseTypes: false,
  pluralize: false,
  resourceCase: "none",
  headers: { Authorization: `Bearer ${token}` },
});

// kitsu takes the address's last word for the type; ours stands under another.
api.interceptors.request.use((config) => ({
  ...config,
  url: config.url.replace(/^Candidate/, "v3/candidates"),
}));

const listed = await api.get("Candidate", {
  params: { include: "references", page: { size: 5 } },
});
const shown = await api.get(`Candidate/${listed.data[1].id}`, {
  params: { include: "references" },
});
const made = await api.create("Candidate", {
  type: "Candidate",
  first_name: "Kit",
  last_name: "Su",
  email: "kit@new.example",
});
const changed = await api.update("Candidate", {
  type: "Candidate",
  id: made.data.id,
  notes: "Written by kitsu",
});
await api.delete("Candidate", made.data.id);
let gone = 0;
try {
  await api.get(`Candidate/${made.data.id}`);
} catch (error) {
  gone = error.response.status;
}
console.log(
  JSON.stringify({
    listed: listed.data.length,
    total: listed.meta.pagination.total_entries,
    reference: shown.data.references.data[0].email,
    made: made.data.first_name,
    notes: changed.data.notes,
    gone,
  }),
);
