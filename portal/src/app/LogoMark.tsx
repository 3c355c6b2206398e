/** The product's sign: a desk and a hand on it, as the page's icon has it. */
export function LogoMark() {
  return <img src="/icon.svg" width={24} height={24} alt="" />;
}
