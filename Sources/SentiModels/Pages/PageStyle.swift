/// The style of every page.
enum PageStyle {
  /// What the Content-Security-Policy calls the style sheet, and nothing else: the SHA-256 of ``sheet``.
  static let hash = "sha256-9Hmyan2Ju7bHO3oV/i17L2OtJMR/Svw252USiraYJ0U="

  /// The style sheet, whose shades keep a contrast of 4.5 or more between text and ground.
  static let sheet = """
    :root { color-scheme: light dark; --page: #fff; --ink: #1a1a1a; --quiet: #555; --line: #c8c8c8;
      --f1: #e8f1fa; --f2: #cfe2f5; --f3: #b0d0ee; --f4: #8cbae5; --f5: #67a3da;
      --a1: #fdf0e0; --a2: #fbdfc0; --a3: #f8ca97; --a4: #f4b26a; --a5: #ee983d; }
    @media (prefers-color-scheme: dark) {
      :root { --page: #16181b; --ink: #f0f0f0; --quiet: #b4b4b4; --line: #4a4d52;
        --f1: #1d2b3a; --f2: #1f3a54; --f3: #1f4a70; --f4: #1e5a8c; --f5: #1c68a6;
        --a1: #33271a; --a2: #4a331a; --a3: #633f15; --a4: #7b4b10; --a5: #92570a; }
    }
    body { font: 16px/1.6 system-ui, sans-serif; color: var(--ink); background: var(--page);
      margin: 0; }
    main { max-width: 50rem; margin: 0 auto; padding: 1rem; }
    h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin: 0; }
    h1, h2, th { overflow-wrap: anywhere; }
    section { border-top: 1px solid var(--line); padding: 1.25rem 0; }
    .text { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.9; margin: 1rem 0; }
    mark { color: inherit; background: none; border-radius: 2px; padding: 0 1px; }
    .f1, .f2, .f3, .f4, .f5 { border-bottom: 2px solid; }
    .a1, .a2, .a3, .a4, .a5 { border-bottom: 2px dashed; }
    .f1 { background: var(--f1); } .f2 { background: var(--f2); } .f3 { background: var(--f3); }
    .f4 { background: var(--f4); } .f5 { background: var(--f5); }
    .a1 { background: var(--a1); } .a2 { background: var(--a2); } .a3 { background: var(--a3); }
    .a4 { background: var(--a4); } .a5 { background: var(--a5); }
    .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
      white-space: nowrap; user-select: none; }
    .sum { color: var(--quiet); font-variant-numeric: tabular-nums; }
    summary { cursor: pointer; padding: 0.25rem 0; }
    summary:focus-visible { outline: 3px solid var(--f5); outline-offset: 2px; }
    table { border-collapse: collapse; margin: 0.5rem 0 1rem; }
    th, td { text-align: start; padding: 0.2rem 1rem 0.2rem 0; vertical-align: top;
      border-bottom: 1px solid var(--line); }
    th[scope="row"] { font-weight: normal; }
    td { font-variant-numeric: tabular-nums; }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.2rem 1rem; }
    dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
    .scroll { overflow-x: auto; margin: 0.5rem 0; }
    .scroll th, .scroll td { white-space: nowrap; }
    .scroll th[scope="row"] { white-space: normal; min-width: 8rem; }
    .scroll:focus-visible { outline: 3px solid var(--f5); outline-offset: 2px; }
    .chart { display: block; max-width: 100%; min-width: 36rem; height: auto; }
    h3 { font-size: 1rem; margin: 1rem 0 0; }
    .tokens { list-style: none; display: flex; flex-wrap: wrap; gap: 0.75rem; padding: 0; }
    .tokens li { display: flex; flex-direction: column; align-items: center; min-width: 4rem; }
    .word { white-space: pre; font-weight: 600; }
    .matrix text { font: 14px ui-monospace, monospace; fill: currentColor; white-space: pre; }
    .matrix rect { fill: var(--f5); stroke: var(--line); stroke-width: 1; }
    input { font: inherit; color: inherit; background: var(--page); border: 1px solid var(--quiet);
      border-radius: 3px; padding: 0.2rem 0.4rem; max-width: 100%; }
    input:focus-visible { outline: 3px solid var(--f5); outline-offset: 2px; }
    """
}
