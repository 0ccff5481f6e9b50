// The page of today is fetched anew, and shown when it is another one; without this file the pages work as they are.
"use strict";
(function () {
  var main = document.getElementById("main");
  if (!main || !main.classList.contains("today") || !window.fetch || !window.DOMParser) return;
  var title = document.title;
  var first = count(main, "new") + count(main, "overdue");

  function count(from, id) {
    var found = from.querySelector("#" + id + " .count");
    return found ? Number(found.textContent) : 0;
  }

  function show(text) {
    var page = new DOMParser().parseFromString(text, "text/html");
    var other = page.getElementById("main");
    if (!other || !other.classList.contains("today")) return;
    var old = document.querySelector("footer"), made = page.querySelector("footer");
    if (old && made) old.textContent = made.textContent;
    if (other.innerHTML === main.innerHTML) return;
    var active = document.activeElement, link = active && main.contains(active) && active.getAttribute("href");
    main.innerHTML = other.innerHTML;
    if (link) {
      var again = Array.prototype.find.call(main.querySelectorAll("a"), function (a) { return a.getAttribute("href") === link; });
      if (again) again.focus();
    }
    var more = count(main, "new") + count(main, "overdue") - first;
    document.title = more > 0 ? "(" + more + ") " + title : title;
  }

  setInterval(function () {
    if (document.hidden) return;
    fetch(location.pathname, { credentials: "same-origin", redirect: "error" })
      .then(function (answer) { return answer.ok ? answer.text() : ""; })
      .then(function (text) { if (text) show(text); })
      .catch(function () {});
  }, 10000);
})();
