import { Link as PlainLink } from "@fluentui/react-components";
import { UserText } from "./UserText";

/** The address of a link that people wrote, if it leads to the web; nothing else is opened. */
export function webAddress(text: string | null): string | undefined {
  try {
    const address = new URL(text ?? "");
    return ["http:", "https:"].includes(address.protocol) ? address.href : undefined;
  } catch {
    return undefined;
  }
}

/** A link that people wrote: it opens beside the portal, and learns nothing of it. */
export function OutsideLink({ href, text }: { readonly href: string | null; readonly text: string }) {
  const address = webAddress(href);
  if (address === undefined) return <UserText>{text}</UserText>;
  return (
    <PlainLink inline href={address} target="_blank" rel="noopener noreferrer">
      <UserText>{text}</UserText>
    </PlainLink>
  );
}
