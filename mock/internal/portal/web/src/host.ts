/** fillHost puts the page's own host where the example of a request has a placeholder for it. */
export function fillHost(): void {
  for (const pre of document.querySelectorAll<HTMLElement>("[data-curl]")) {
    const walk = document.createTreeWalker(pre, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      node.nodeValue = (node.nodeValue ?? "").replace("http://{host}", location.origin);
    }
  }
}
