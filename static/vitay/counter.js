// Optional: says how many characters are left. Without it the limit stays in words.
const fr = document.documentElement.lang.startsWith("fr");
for (const box of document.querySelectorAll("textarea[maxlength]")) {
  const line = document.getElementById(box.id + "-count");
  if (!line) continue;
  box.addEventListener("input", () => {
    const left = box.maxLength - box.value.length;
    const many = fr ? left > 1 : left !== 1;
    const word = (fr ? "caractère" : "character") + (many ? "s" : "");
    line.textContent = fr ? `Il reste ${left} ${word}` : `${left} ${word} left`;
  });
}
