import { FluentProvider, RendererProvider, createDOMRenderer } from "@fluentui/react-components";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect } from "react";
import { sessionQuery } from "@/session/session";
import { queryClient } from "./queries";
import { watchFocus } from "./returningFocus";
import { preloadPage, router } from "./router";
import { SignInGate } from "./SignInGate";
import { useTheme } from "./theme";
import "./global.css";

/** Styles that are made at run time carry the nonce that the page came with. */
const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";
const renderer = createDOMRenderer(document, { styleElementAttributes: { nonce } });

/** Nothing is shown in halves: React holds each further half back for a while. */
function prepare(): Promise<unknown> {
  return Promise.all([queryClient.ensureQueryData(sessionQuery), router.load()]);
}

// The page's scripts come while its browser signs in.
preloadPage(location.pathname);

export function App() {
  const { name, theme } = useTheme();
  useEffect(() => {
    document.documentElement.style.colorScheme = name === "light" ? "light" : "dark";
  }, [name]);
  useEffect(watchFocus, []);
  return (
    <RendererProvider renderer={renderer} targetDocument={document}>
      <FluentProvider theme={theme} style={{ height: "100%" }}>
        <QueryClientProvider client={queryClient}>
          <SignInGate prepare={prepare}>
            <RouterProvider router={router} />
          </SignInGate>
        </QueryClientProvider>
      </FluentProvider>
    </RendererProvider>
  );
}
