// Hashes the chosen or dropped file in the browser; without it, or without HTTPS, the form is sent.
const form = document.querySelector("#check");
if (form && window.crypto?.subtle) {
  const result = document.querySelector("#result");
  const compare = async (file) => {
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const words = document.createElement("b");
    words.textContent = hex === form.dataset.sha256 ? result.dataset.same : result.dataset.other;
    result.replaceChildren(words);
    result.hidden = false;
    result.scrollIntoView({ block: "nearest" });
  };
  if (result.dataset.same) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      compare(form.file.files[0]);
    });
    form.file.addEventListener("change", () => form.file.files[0] && compare(form.file.files[0]));
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer.files[0]) compare(event.dataTransfer.files[0]);
    });
  }
}
