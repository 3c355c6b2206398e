/** `shared_uiflow` of `/providers/Microsoft.PowerApps/apis/shared_uiflow`, as connection references have it. */
export function connectorName(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
