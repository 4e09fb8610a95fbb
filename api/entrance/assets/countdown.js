// Counts the seconds until the next try down, in the words that stand there already. Without it they stay true.
const error = document.getElementById("error");
const told = error.textContent;
const ends = performance.now() + 1000 * Number(error.dataset.wait);
const words = (seconds) => (seconds === 1 ? "1 second" : `${seconds} seconds`);

const tick = () => {
  const left = Math.ceil((ends - performance.now()) / 1000);
  if (left > 0) {
    error.textContent = told.replace(/\bin [^.]*/, `in ${words(left)}`);
    setTimeout(tick, 250);
  } else {
    error.textContent = "You can try again now.";
  }
};
error.closest("[role=alert]").setAttribute("aria-live", "off"); // not every second is read out
tick();
