// The facilitator's side of the preview: follows the file, keeps the page that is on screen.
(() => {
  "use strict";
  const frame = document.querySelector("iframe");
  const form = document.getElementById("controls");
  const list = document.getElementById("findings");
  let changes = 0;

  const go = () => {
    const query = new URLSearchParams({ step: form.step.value, language: form.language.value });
    frame.src = "/preview/go?" + query;
  };

  const fill = (steps) => {
    const chosen = form.step.value;
    form.step.replaceChildren(...steps.map((step) => new Option(step, step)));
    if (steps.includes(chosen)) form.step.value = chosen;
  };

  const show = (findings) => {
    list.replaceChildren(...findings.map((finding) => {
      const item = document.createElement("li");
      const head = document.createElement("b");
      head.textContent = "Line " + finding.place + ", " + finding.level + " " + finding.rule;
      item.append(head, finding.message);
      return item;
    }));
    document.getElementById("none").hidden = findings.length > 0;
  };

  const look = async () => {
    try {
      const state = await (await fetch("/preview/state")).json();
      if (state.changes !== changes) {
        const first = changes === 0;
        changes = state.changes;
        fill(state.steps);
        show(state.findings);
        if (!first) go();
      }
    } catch {
      // The preview was stopped, or starts again: look again in a second.
    }
    setTimeout(look, 1000);
  };

  // Whoever goes on inside the frame stays there when the file is saved.
  frame.addEventListener("load", () => {
    const step = frame.contentDocument && frame.contentDocument.querySelector("[name=step]");
    if (step && [...form.step.options].some((option) => option.value === step.value)) form.step.value = step.value;
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "width") frame.width = event.target.value;
    else go();
  });
  look();
})();
