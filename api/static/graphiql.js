// Starts GraphiQL with the examples as tabs. Introspection is asked for by its registered name.
"use strict";
(() => {
  const place = document.getElementById("graphiql");
  const settings = JSON.parse(document.getElementById("settings").textContent);

  async function fetcher(asked) {
    const body = asked.operationName === "IntrospectionQuery" ? { documentId: settings.introspection } : asked;
    const response = await fetch("/graphql", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/graphql-response+json, application/json" },
      body: JSON.stringify(body),
    });
    return response.json();
  }

  place.replaceChildren();
  // GraphiQL takes the variables of the first tab from a property of their own; what a visitor left is kept.
  const fresh = localStorage.getItem("graphiql:tabState") === null;
  const variables = fresh ? settings.tabs[0].variables : undefined;
  ReactDOM.render(
    React.createElement(GraphiQL, { fetcher, variables, defaultTabs: settings.tabs, shouldPersistHeaders: false }),
    place
  );
})();
