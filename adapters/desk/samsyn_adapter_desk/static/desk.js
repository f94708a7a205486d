// What the desk adds where scripts run: the eye and the ear at what was sent or is wrong, and the timeline.
"use strict";

(document.getElementById("faults") ?? document.getElementById("sent"))?.focus();

// The table above tells everything: the timeline is for the eye and the mouse alone, and nobody shall get lost in it.
function keepOutOfTheWay(element) {
  for (const each of [element, ...element.querySelectorAll("*")]) {
    each.removeAttribute("role");
    if (each.tabIndex >= 0) {
      each.tabIndex = -1;
    }
  }
}

const timeline = document.getElementById("timeline");
if (timeline && window.EventCalendar) {
  fetch(timeline.dataset.address, { headers: { Accept: "application/json" } })
    .then((answer) => answer.json())
    .then((told) => {
      new MutationObserver(() => keepOutOfTheWay(timeline)).observe(timeline, { childList: true, subtree: true });
      window.EventCalendar.create(timeline, {
        view: "resourceTimelineWeek",
        date: told.first,
        locale: timeline.dataset.language,
        firstDay: 1,
        editable: false,
        slotMinTime: "06:00",
        slotMaxTime: "22:00",
        resources: told.resources,
        events: told.events,
        headerToolbar: { start: "title", center: "", end: "prev,next" },
        eventClick: (info) => {
          window.location.href = info.event.extendedProps.address;
        },
      });
    });
}
