package rest

// list shows the entries of a search.
func (sh *shower) list() {
	p := sh.page
	p.Title = p.Say(p.Type)
	s := section{Heading: p.Say("lists"), Columns: p.head("title", "url", "version", "status")}
	if total, ok := sh.object["total"].(float64); ok {
		s.Heading = p.say("total", p.number(int(total)))
	}
	for _, l := range objects(sh.object, "link") {
		switch text(l, "relation") {
		case "next":
			s.Pager.Next = text(l, "url")
		case "previous":
			s.Pager.Previous = text(l, "url")
		}
	}
	if s.Pager.Next != "" || s.Pager.Previous != "" {
		s.Pager.Text = p.Say("pages") + ":"
	}
	for _, e := range objects(sh.object, "entry") {
		r, _ := e["resource"].(map[string]any)
		title := text(r, "id")
		for _, key := range []string{"name", "title"} {
			if v := text(r, key); v != "" {
				title = v
			}
		}
		name := linked(title, p.Base+"/"+p.Type+"/"+text(r, "id"))
		name.Lang = sh.foreign(text(r, "language"))
		s.row(name, code(text(r, "url")), code(text(r, "version")), plain(text(r, "status")))
	}
	if len(s.Rows) == 0 {
		s.Notes = []cell{plain(p.Say("noHits"))}
	}
	p.add(s)
}
