/** The UI elements and images of the flow on the page, and changes of them, each of which can be undone. */
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { portal, type ElementPlace, type ElementSelector, type FlowElements, type UiElement, type UiScreen } from "@/api/portal";
import { useLatest } from "@/components/useLatest";
import { fromText } from "@/designer/model/desktop/edits";
import { useDesigner } from "./designer";
import { WRITING } from "./writing";

export interface Elements {
  /** What the flow has; undefined until it has been read. */
  readonly found: FlowElements | undefined;
  /** Why that could not be read, or the last change was refused. */
  readonly error: Error | null;
  readonly isPending: boolean;
  /** Do something that makes another text of the flow, and something else once it is done. */
  readonly change: (act: Change, then?: () => void) => void;
  readonly changeNow: (act: Change) => Promise<void>;
}

/** Returns the flow's text with a change. */
export type Change = (text: string) => Promise<{ readonly text: string }>;

export function useElements(): Elements {
  const { text, isStale, isChecked, dispatch } = useDesigner();
  const latest = useLatest(text);
  const reading = useQuery({
    queryKey: ["elements", text],
    queryFn: ({ signal }) => portal("POST /robin/elements", { body: { text }, signal }),
    enabled: isChecked && !isStale,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  });
  const changing = useMutation({
    mutationKey: WRITING,
    mutationFn: async (act: Change) => {
      for (;;) {
        const before = latest.current;
        const outline = await portal("POST /robin/read", { body: await act(before) });
        if (latest.current !== before) continue; // what was changed meanwhile is not to be lost
        dispatch({ type: "edit", change: (document) => fromText(document, outline) });
        return;
      }
    },
  });
  return {
    found: reading.data,
    error: reading.error ?? changing.error,
    isPending: changing.isPending,
    change: (act, then) => changing.mutate(act, { onSuccess: () => then?.() }),
    changeNow: (act) => changing.mutateAsync(act),
  };
}

/** Where a screen or one of its elements stands. */
export function placeOf(screen: UiScreen, element?: UiElement): ElementPlace {
  return { repository: screen.repository, screen: screen.name, element: element?.name ?? null };
}

export const renaming =
  (element: ElementPlace, name: string): Change =>
  (text) =>
    portal("POST /robin/elements/rename", { body: { text, element, name } });

export const renamingImage =
  (image: readonly string[], name: string): Change =>
  (text) =>
    portal("POST /robin/elements/rename", { body: { text, image: [...image], name } });

export const removing =
  (elements: readonly ElementPlace[], images: readonly (readonly string[])[] = []): Change =>
  (text) =>
    portal("POST /robin/elements/remove", { body: { text, elements: [...elements], images: images.map((one) => [...one]) } });

export const selecting =
  (place: ElementPlace, selectors: readonly ElementSelector[]): Change =>
  (text) =>
    portal("POST /robin/elements/selectors", { body: { text, place, selectors: [...selectors] } });

export const importing =
  (name: string, png: string): Change =>
  (text) =>
    portal("POST /robin/images", { body: { text, name, png } });
