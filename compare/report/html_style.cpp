#include "compare/report/html_style.h"

namespace syncpoint {

std::string_view htmlStyle()
{
    return R"css(
:root{color-scheme:light dark;--bg:#fbfbfa;--surface:#fff;--text:#1d2226;--muted:#68727b;--line:#e2e5e8;
--accent:#2f6fd6;--ok:#00796b;--warn:#b26a00;--bad:#b3135f;--fill:#eef1f4}
@media (prefers-color-scheme:dark){:root{--bg:#17191c;--surface:#1d2023;--text:#dfe3e6;--muted:#98a2ab;--line:#30353a;
--accent:#7aa7f2;--ok:#4db6a5;--warn:#e6b04a;--bad:#ef6aa8;--fill:#262a2e}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:14px/1.45 system-ui,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
main{max-width:1280px;margin:0 auto;padding:24px 24px 64px}
h1{font-size:13px;font-weight:600;color:var(--muted);margin:0 0 4px}
h2{font-size:15px;font-weight:600;margin:36px 0 4px;padding-top:12px;border-top:1px solid var(--line)}
p{margin:4px 0 12px}
.verdict{font-size:20px;line-height:1.35;font-weight:600;margin:0 0 16px;max-width:60em;overflow-wrap:anywhere}
.note{color:var(--muted);max-width:80em}
.banner{border-left:4px solid var(--bad);background:var(--fill);padding:8px 12px;margin:12px 0}
.facts{display:flex;flex-wrap:wrap;gap:12px 32px;margin:0 0 8px}
.facts div{min-width:96px}
dt{color:var(--muted);font-size:12px}
dd{margin:0;font-variant-numeric:tabular-nums;font-weight:600}
.settings{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px}
.settings dd{font-weight:400;font-family:ui-monospace,"DejaVu Sans Mono",Consolas,monospace;font-size:12px;overflow-wrap:anywhere}
nav{font-size:13px;margin:12px 0 0}nav a{margin-right:16px}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
.scroll{overflow:auto;max-height:640px;border-bottom:1px solid var(--line)}
table{border-collapse:collapse;width:100%;font-size:13px}
th{position:sticky;top:0;background:var(--bg);text-align:left;font-weight:600;color:var(--muted);white-space:nowrap}
th,td{padding:3px 12px 3px 0;border-bottom:1px solid var(--line);vertical-align:top}
th.sortable{cursor:pointer}th.sortable:hover{color:var(--accent)}
th[aria-sort=ascending]::after{content:" ↑"}th[aria-sort=descending]::after{content:" ↓"}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.name{font-family:ui-monospace,"DejaVu Sans Mono",Consolas,monospace;font-size:12px;white-space:nowrap}
tbody tr:hover{background:var(--fill)}tbody tr:target{outline:2px solid var(--accent)}
.mark{width:10px;height:10px;margin-right:6px;vertical-align:-1px}
.ok{fill:var(--ok)}.warn{fill:var(--warn)}.bad{fill:var(--bad)}.none{fill:var(--muted)}
svg text{fill:var(--muted);font-size:11px;font-family:inherit}
svg .label{fill:var(--text);font-family:ui-monospace,"DejaVu Sans Mono",Consolas,monospace}
.grid{stroke:var(--line);stroke-width:1}.limit{stroke-width:1;stroke-dasharray:4 3}
.limit.ok{stroke:var(--ok)}.limit.bad{stroke:var(--bad)}
.trace{fill:none;stroke:var(--muted);stroke-width:1;opacity:.45}
.box{fill:var(--surface);stroke:var(--line)}.edge{fill:none;stroke:var(--muted);opacity:.5}
.bar{fill:var(--accent)}.bar.weak{opacity:.3}
.pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(340px,1fr));gap:20px 24px}
.pictures figure{margin:0}
.pictures .row{display:flex;gap:8px}.pictures .row div{flex:1 1 0;min-width:0}
.pictures img{width:100%;max-width:160px;image-rendering:pixelated;display:block;background:var(--fill)}
.pictures small,figcaption{color:var(--muted);font-size:12px;overflow-wrap:anywhere}
.pictures b{display:block;font:600 12px ui-monospace,"DejaVu Sans Mono",Consolas,monospace;overflow-wrap:anywhere;margin-bottom:4px}
footer{margin-top:36px;color:var(--muted);font-size:12px}
)css";
}

std::string_view htmlScript()
{
    return R"js(
document.querySelectorAll("table").forEach(t=>{const b=t.tBodies[0];
t.querySelectorAll("th").forEach((h,i)=>{h.classList.add("sortable");h.tabIndex=0;
const sort=()=>{const down=h.getAttribute("aria-sort")!=="descending";
t.querySelectorAll("th").forEach(o=>o.removeAttribute("aria-sort"));
h.setAttribute("aria-sort",down?"descending":"ascending");
const key=r=>{const c=r.cells[i];return c.dataset.k===undefined?c.textContent:parseFloat(c.dataset.k)};
const missing=k=>k==="–"||k==="";
[...b.rows].sort((x,y)=>{const p=key(x),q=key(y);if(missing(p)||missing(q))return missing(p)-missing(q);
const d=typeof p==="number"&&typeof q==="number"?p-q:String(p).localeCompare(String(q));return down?-d:d}).forEach(r=>b.append(r))};
h.addEventListener("click",sort);h.addEventListener("keydown",e=>{if(e.key==="Enter")sort()})})});
)js";
}

} // namespace syncpoint
