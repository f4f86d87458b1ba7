// The tabs of the open queries. They share one Tab stop, and the arrow keys go from tab to tab.
import { useEditorContext, useExecutionContext } from "@graphiql/react";
import { useRef } from "react";

export const tabId = (index) => `query-tab-${index}`;

export function QueryTabs() {
  const { tabs, activeTabIndex, addTab, closeTab, changeTab } = useEditorContext({ nonNull: true });
  const { stop } = useExecutionContext({ nonNull: true });
  const list = useRef(null);
  const show = (index) => {
    stop();
    changeTab(index);
  };
  const close = () => {
    stop();
    closeTab(activeTabIndex);
    focusTab(list, Math.max(activeTabIndex - 1, 0));
  };
  const walk = (event) => {
    const to = reached(event.key, activeTabIndex, tabs.length);
    if (event.key === "Delete" && tabs.length > 1) close();
    if (to === undefined) return;
    event.preventDefault();
    show(to);
    focusTab(list, to);
  };
  return (
    <div className="console-tabs">
      <div role="tablist" aria-label="Open queries" ref={list} onKeyDown={walk}>
        {tabs.map((tab, index) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={tabId(index)}
            aria-selected={index === activeTabIndex}
            aria-controls="console-query"
            tabIndex={index === activeTabIndex ? 0 : -1}
            onClick={() => show(index)}
          >
            {titled(tab)}
          </button>
        ))}
      </div>
      <button type="button" onClick={addTab}>
        New query
      </button>
      {tabs.length > 1 && (
        <button type="button" onClick={close}>
          Close query
        </button>
      )}
    </div>
  );
}

function reached(key, from, count) {
  const steps = { ArrowRight: (from + 1) % count, ArrowLeft: (from + count - 1) % count, Home: 0, End: count - 1 };
  return steps[key];
}

// Waits for the next frame, because the tabs may be redrawn first.
function focusTab(list, index) {
  requestAnimationFrame(() => list.current?.children[index]?.focus());
}

function titled({ title }) {
  return title === "<untitled>" ? "Unnamed query" : title;
}
