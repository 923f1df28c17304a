extension Markup {
  /// The report's style sheet. Series have the colours of Okabe and Ito (2008), which can be told apart with any kind
  /// of colour vision, as well as dashes and markers of their own. Texts, tables and drawings share one width.
  static let reportStyle = style(
    """
    :root {
      color-scheme: light dark;
      --paper: #fdfdfb; --ink: #1c1e21; --soft: #5d636b; --faint: #e7e8e5; --rule: #c9cbc8; --tint: #f3f3ef;
      --good: #00694b; --bad: #b03a00; --unsure: #7a5a00;
      --c0: #3a3d42; --c1: #0072b2; --c2: #d55e00; --c3: #009e73; --c4: #b5568c; --c5: #b07800;
      --heat: #0b4f8a;
      --text: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", "DejaVu Sans", sans-serif;
      --code: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #15171a; --ink: #e4e5e3; --soft: #a0a5ab; --faint: #2a2d31; --rule: #484c52; --tint: #1e2125;
        --good: #4fc79d; --bad: #ff8f57; --unsure: #e3b84a;
        --c0: #d3d5d2; --c1: #62b4ec; --c2: #f5894a; --c3: #35c79a; --c4: #dc8fbb; --c5: #e6b13d;
        --heat: #7cc1f5;
      }
    }
    * { box-sizing: border-box; }
    html { text-size-adjust: 100%; }
    body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 var(--text); }
    main { max-width: 816px; margin: 0 auto; padding: 40px 24px 72px; }
    h1, h2, h3 { text-wrap: balance; overflow-wrap: anywhere; }
    h1 { font-size: 1.7rem; line-height: 1.2; letter-spacing: -0.01em; font-weight: 650; margin: 0 0 4px; }
    h2 { font-size: 1.3rem; line-height: 1.3; font-weight: 600; margin: 0 0 12px; }
    h3 { font-size: 1rem; font-weight: 600; margin: 28px 0 8px; }
    p, li, dd { overflow-wrap: anywhere; }
    p, main section > ul { margin: 0 0 12px; }
    .subtitle { color: var(--soft); margin-bottom: 20px; }
    section { margin-top: 52px; padding-top: 18px; border-top: 1px solid var(--rule); }
    a { color: inherit; text-decoration-color: var(--rule); text-underline-offset: 3px; }
    a:hover { text-decoration-color: currentColor; }
    code, pre { font-family: var(--code); font-size: 0.86em; }
    code { overflow-wrap: anywhere; }
    pre { margin: 6px 0 0; padding: 9px 12px; background: var(--tint); border-radius: 4px; overflow-x: auto; }
    pre code { display: block; font-size: 1em; white-space: pre-wrap; overflow-wrap: normal; user-select: all;
      padding-left: 2ch; text-indent: -2ch; }
    pre code + code { margin-top: 5px; }
    pre span { white-space: nowrap; }
    .commands { margin: 12px 0 16px; }
    .commands p { margin: 0; }
    .good { color: var(--good); }
    .bad { color: var(--bad); }
    .unsure { color: var(--unsure); }
    .quiet { color: var(--soft); }
    .notice { border-left: 4px solid; padding: 3px 0 3px 14px; font-size: 1.06rem; line-height: 1.45; margin: 0 0 20px; }
    .notice span { color: var(--ink); }
    .notice strong { color: inherit; }
    .notice.good strong { color: var(--good); }
    .notice.bad strong { color: var(--bad); }
    .notice.unsure strong { color: var(--unsure); }
    dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 20px; margin: 0 0 20px; }
    dt { color: var(--soft); }
    dd { margin: 0; }
    nav ul { display: flex; flex-wrap: wrap; gap: 2px 20px; list-style: none; padding: 0; margin: 20px 0 0;
      font-size: 0.9rem; }
    pre:focus-visible { outline: 2px solid var(--c1); outline-offset: 2px; }
    table { width: 100%; border-collapse: collapse; margin: 8px 0 16px; font-size: 0.88rem; line-height: 1.4;
      font-variant-numeric: tabular-nums; }
    th, td { text-align: left; vertical-align: baseline; padding: 5px 16px 5px 0; overflow-wrap: anywhere;
      border-bottom: 1px solid var(--faint); }
    th:last-child, td:last-child { padding-right: 0; }
    thead th { color: var(--soft); font-weight: 500; border-bottom: 1px solid var(--rule); overflow-wrap: normal; }
    tbody th { font-weight: 400; }
    th.number, td.number { text-align: right; }
    td.number { white-space: nowrap; }
    td.good, td.bad, td.unsure { font-weight: 600; white-space: nowrap; }
    .code { font-family: var(--code); font-size: 0.92em; }
    details { margin: 8px 0 16px; }
    summary { cursor: pointer; color: var(--soft); }
    figure { margin: 32px 0 0; }
    figure h3 { margin: 0 0 8px; }
    figcaption { margin-top: 8px; color: var(--soft); font-size: 0.88rem; line-height: 1.5; }
    figcaption p { margin: 0 0 4px; }
    .panels { display: grid; gap: 22px 24px; }
    .in-2 { grid-template-columns: repeat(2, minmax(0, 1fr)); }
    .in-3 { grid-template-columns: repeat(3, minmax(0, 1fr)); }
    .single { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 24px; }
    .single h3, .single .legend { grid-column: 1 / -1; }
    .panel { display: flex; flex-direction: column; justify-content: space-between; min-width: 0; }
    .panel-title { display: flex; justify-content: space-between; gap: 12px; margin: 0 0 2px; font-size: 0.85rem; }
    .note { color: var(--soft); white-space: nowrap; font-variant-numeric: tabular-nums; }
    .legend { display: flex; flex-wrap: wrap; gap: 2px 18px; list-style: none; margin: 0 0 10px; padding: 0;
      font-size: 0.85rem; }
    .legend li { display: flex; align-items: center; gap: 7px; }
    svg { display: block; width: 100%; height: auto; }
    .legend svg { width: auto; height: 12px; flex: none; }
    svg text { font: 11px var(--text); fill: var(--soft); font-variant-numeric: tabular-nums; }
    svg path { fill: none; vector-effect: non-scaling-stroke; }
    .grid { stroke: var(--faint); }
    .axis { stroke: var(--rule); }
    .s0 { --c: var(--c0); --dash: none; }
    .s1 { --c: var(--c1); --dash: 7 3; }
    .s2 { --c: var(--c2); --dash: none; }
    .s3 { --c: var(--c3); --dash: 3 2.5; }
    .s4 { --c: var(--c4); --dash: 8 3 2 3; }
    .s5 { --c: var(--c5); --dash: 12 4; }
    svg .line { stroke: var(--c); stroke-width: 1.4; stroke-dasharray: var(--dash); stroke-linejoin: round; }
    svg .thin { stroke: var(--c); stroke-width: 0.8; opacity: 0.4; }
    svg .whisker { stroke: var(--c); stroke-width: 1.1; opacity: 0.75; }
    svg .leader { stroke: var(--c); stroke-width: 0.8; opacity: 0.45; }
    svg .mark { fill: var(--c); }
    svg .mark.loose { fill: var(--paper); stroke: var(--c); stroke-width: 1.2; }
    svg .best { fill: var(--c); stroke: var(--paper); stroke-width: 1.5; }
    svg text.end-name { fill: var(--c); }
    svg .change { stroke: var(--soft); stroke-dasharray: 3 2; }
    svg .change.bad { stroke: var(--bad); }
    svg .change.good { stroke: var(--good); }
    svg text.change-label.bad { fill: var(--bad); }
    svg text.change-label.good { fill: var(--good); }
    svg .even { stroke: var(--soft); stroke-dasharray: 2 3; }
    svg [class^="heat-"] { fill: var(--heat); stroke: none; shape-rendering: crispEdges; }
    svg .heat-1 { fill-opacity: 0.08; } svg .heat-2 { fill-opacity: 0.18; }
    svg .heat-3 { fill-opacity: 0.3; } svg .heat-4 { fill-opacity: 0.43; }
    svg .heat-5 { fill-opacity: 0.57; } svg .heat-6 { fill-opacity: 0.71; }
    svg .heat-7 { fill-opacity: 0.86; } svg .heat-8 { fill-opacity: 1; }
    @media (max-width: 600px) {
      main { padding: 20px 16px 48px; }
      h1 { font-size: 1.3rem; }
      .notice { font-size: 1rem; }
      dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
      dd { margin-bottom: 8px; }
      section { margin-top: 36px; }
      .in-2, .in-3, .single { grid-template-columns: minmax(0, 1fr); }
      .in-3 svg text { font-size: 8px; }
      th, td { padding-right: 10px; }
      .stacks thead { display: none; }
      .stacks, .stacks tbody { display: block; }
      .stacks tr { display: grid; grid-template-columns: repeat(auto-fill, minmax(98px, 1fr)); gap: 4px 12px;
        padding: 9px 0; border-bottom: 1px solid var(--faint); }
      .stacks tr:first-child { border-top: 1px solid var(--rule); }
      .stacks tbody th { grid-column: 1 / -1; font-weight: 600; border: 0; padding: 0; }
      .stacks td { border: 0; padding: 0; text-align: left; white-space: normal; min-width: 0; }
      .stacks td::before { content: attr(data-column); display: block; color: var(--soft); font: 400 0.76rem/1.3 var(--text); }
      .stacks td:last-child:not(.number):not(:nth-child(2)) { grid-column: 1 / -1; }
      .stacks td.code, .in-pairs td { grid-column: 1 / -1; }
      .in-pairs td::before { display: none; }
    }
    @media print { section { break-inside: avoid-page; } details { display: block; } }
    """)
}
