package rest

// list shows the entries of a search.
func (sh *shower) list() {
	p := sh.page
	p.Title = p.Say(p.Type)
	s := sh.bundle(p.head("title", "url", "version", "status"))
	for _, e := range objects(sh.object, "entry") {
		r, _ := e["resource"].(map[string]any)
		s.row(sh.titled(r, text(r, "id")), code(text(r, "url")), code(text(r, "version")), plain(text(r, "status")))
	}
	if len(s.Rows) == 0 {
		s.Notes = []cell{plain(p.Say("noHits"))}
	}
	p.add(s)
}

// bundle returns the table of a Bundle of which a page is shown, without its rows.
func (sh *shower) bundle(columns []string) section {
	p := sh.page
	s := section{Heading: p.Say("lists"), Columns: columns}
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
	return s
}

// titled names a resource of a Bundle, and refers to its page.
func (sh *shower) titled(r map[string]any, id string) cell {
	title := id
	for _, key := range []string{"name", "title"} {
		if v := text(r, key); v != "" {
			title = v
		}
	}
	name := linked(title, sh.page.Base+"/"+sh.page.Type+"/"+id)
	name.Lang = sh.foreign(text(r, "language"))
	return name
}
