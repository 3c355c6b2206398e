/** What a part of the admin page is given. */
export interface AdminPartProps {
  /** Whether the dialog is open that adds something here; the command bar opens it. */
  readonly adding: boolean;
  readonly onAdding: (adding: boolean) => void;
}
