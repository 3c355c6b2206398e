/** What *Choose an action* lists, by heading, and how a search narrows it. */
import type { ActionOffer, ConnectorOffer, OperationOffer, Palette } from "@/api/portal";
import { t } from "@/strings/text";

export interface Offer {
  readonly id: string;
  readonly title: string;
  readonly doc: string;
  readonly action?: ActionOffer;
  readonly connector?: ConnectorOffer;
  readonly operation?: OperationOffer;
}

export interface OfferGroup {
  readonly title: string;
  readonly offers: readonly Offer[];
}

/** Types that are offered under another name of theirs, or that only imports hold. */
const NOT_OFFERED = new Set(["manual", "function", "apiconnection", "openapiconnection"]);

export function offersOf(palette: Palette, text: string, favourites: readonly string[] = []): readonly OfferGroup[] {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const builtIn = new Map<string, Offer[]>();
  for (const action of palette.actions) {
    if (NOT_OFFERED.has(action.type.toLowerCase())) continue;
    const offer = { id: action.type, title: action.title, doc: firstSentence(action.doc), action };
    if (fits(words, action.title, action.group, action.type)) put(builtIn, `${t("cloud.builtIn")}: ${action.group}`, offer);
  }
  const connectors = palette.connectors.map((connector) => ({
    title: connector.title,
    offers: connector.operations
      .filter((operation) => fits(words, operation.title, connector.title, ...(connector.name === "shared_uiflow" ? ["Power Automate for desktop"] : [])))
      .map((operation) => ({
        id: `${connector.name}/${operation.id}`,
        title: operation.title,
        doc: firstSentence(operation.doc),
        connector,
        operation,
      })),
  }));
  const groups = [...[...builtIn].map(([title, offers]) => ({ title, offers })), ...connectors].filter((group) => group.offers.length > 0);
  const offers = groups.flatMap((group) => group.offers);
  if (words.length === 0) {
    const stars = offers.filter((offer) => favourites.includes(offer.id));
    return stars.length === 0 ? groups : [{ title: t("cloud.favourites"), offers: stars }, ...groups];
  }
  const whole = text.trim().toLowerCase();
  const ranked = [...offers].sort((left, right) => rank(right, whole) - rank(left, whole));
  return ranked.length === 0 ? [] : [{ title: t("cloud.actions"), offers: ranked }];
}

function rank(offer: Offer, text: string): number {
  const title = offer.title.toLowerCase();
  return title.startsWith(text) ? 2 : title.includes(text) ? 1 : 0;
}

function fits(words: readonly string[], ...texts: readonly string[]): boolean {
  const all = texts.join(" ").toLowerCase();
  return words.every((word) => all.includes(word));
}

function put(groups: Map<string, Offer[]>, title: string, offer: Offer): void {
  groups.set(title, [...(groups.get(title) ?? []), offer]);
}

const firstSentence = (doc: string) => doc.split("\n\n")[0]?.replaceAll("\n", " ") ?? "";
