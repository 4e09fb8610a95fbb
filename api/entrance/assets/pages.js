// Runs before Streamlit's code. Streamlit asks two addresses for its server before it connects, and covers the page
// with a dialog of its own when they fail. Here they are asked until they answer, and what is wrong is said in words.
"use strict";
(() => {
  const SERVER = /\/_stcore\/(health|host-config)$/;
  const LOST = "Waymark does not answer. Trying again. What you see may be out of date; nothing that was saved is lost.";
  const [FIRST_WAIT, LONGEST_WAIT, LONGEST_ANSWER, SAID_AFTER] = [400, 5_000, 15_000, 2];
  const ask = window.fetch.bind(window);
  const never = new Promise(() => {});
  let notice = null;

  const say = () => {
    if (notice) return;
    notice = Object.assign(document.createElement("div"), {id: "waymark-notice", role: "status"});
    document.body.append(notice);
    setTimeout(() => notice && (notice.textContent = LOST)); // a screen reader announces what changes, not what comes
  };
  const fallSilent = () => {
    notice?.remove();
    notice = null;
  };
  const signInAgain = () => {
    location.replace("/auth/login?ended&next=" + encodeURIComponent(location.pathname + location.search));
    return never;
  };
  const askUntilAnswered = async (address) => {
    for (let tries = 1, wait = FIRST_WAIT; ; tries++, wait = Math.min(2 * wait, LONGEST_WAIT)) {
      const answer = await ask(address, {signal: AbortSignal.timeout(LONGEST_ANSWER)}).catch(() => null);
      if (answer?.status === 401) return signInAgain();
      if (answer?.ok || answer?.status === 404) { // Streamlit asks below the page's address first, where nothing is
        fallSilent();
        return answer;
      }
      if (tries >= SAID_AFTER) say();
      await new Promise((done) => setTimeout(done, wait));
    }
  };
  window.fetch = (input, options) => {
    const address = new URL(input instanceof Request ? input.url : input, location.href);
    return SERVER.test(address.pathname) ? askUntilAnswered(address) : ask(input, options);
  };

  // Another tab may have signed out meanwhile, and “Back” may show a page as it was when it was left.
  const checkSignIn = async () => {
    const answer = await ask("/_stcore/host-config").catch(() => null);
    if (answer?.status === 401) signInAgain();
  };
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && checkSignIn());
  window.addEventListener("focus", checkSignIn);
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("[data-waymark-unsaved]")) event.preventDefault();
  });
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());

  // Streamlit gives the field for files a name, makes it focusable, and then says that it is nothing: a contradiction to
  // a screen reader (axe: presentation-role-conflict). It is a group of what is in it, whenever it is drawn anew.
  const FIELD = "[data-testid=stFileUploaderDropzone][role=presentation]";
  const name = () => document.querySelectorAll(FIELD).forEach((field) => field.setAttribute("role", "group"));
  new MutationObserver(name).observe(document, {childList: true, subtree: true});
})();
