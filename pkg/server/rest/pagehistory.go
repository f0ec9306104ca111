package rest

import (
	"strings"
	"time"
)

// momentForm is how a page writes a moment.
const momentForm = "2006-01-02 15:04 UTC"

// methodWords are the words for what a change did.
var methodWords = map[string]string{"POST": "created", "PUT": "written", "DELETE": "deleted"}

// changesAt returns the address of the changes of a resource.
func (sh *shower) changesAt(id string) string {
	return sh.page.Base + "/" + sh.page.Type + "/" + id + "/_history"
}

// whichChange tells that a page shows a version, which may not be what answers.
func (sh *shower) whichChange() section {
	p, r := sh.page, sh.known
	return section{Heading: p.say("change", sh.in.version), Notes: []cell{
		plain(p.say("asItWas", r.Modified.UTC().Format(momentForm))),
		linked(p.Say("asItIs"), p.Base+"/"+p.Type+"/"+r.ID),
		linked(p.Say("changes"), sh.changesAt(r.ID)),
	}}
}

// changes shows the versions of a resource, or of all of a type.
func (sh *shower) changes() {
	p := sh.page
	p.Title = p.Say("changes") + ": " + p.Say(p.Type)
	if sh.in.id != "" {
		p.Title = p.Say("changes") + ": " + p.Type + "/" + sh.in.id
	}
	s := sh.bundle(p.head("versionId", "lastUpdated", "what", "title", "version"))
	for _, e := range objects(sh.object, "entry") {
		r, _ := e["resource"].(map[string]any)
		response, _ := e["response"].(map[string]any)
		request, _ := e["request"].(map[string]any)
		address := text(e, "fullUrl")
		number := strings.Trim(strings.TrimPrefix(text(response, "etag"), "W/"), `"`)
		what, change := p.Say(methodWords[text(request, "method")]), linked(number, address+"/_history/"+number)
		switch {
		case text(r, "resourceType") == "OperationOutcome":
			what, change.Link = p.Say("unreadable"), ""
		case r == nil, number == "": // it was deleted, or came with a release
			change.Link = ""
		}
		moment := text(response, "lastModified")
		if at, err := time.Parse(time.RFC3339, moment); err == nil {
			moment = at.UTC().Format(momentForm)
		}
		_, id, _ := strings.Cut(address, p.Base+"/"+p.Type+"/")
		s.row(change, plain(moment), plain(what), sh.titled(r, id), code(text(r, "version")))
	}
	p.add(s)
}
