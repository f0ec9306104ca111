// Package rest serves the operations and the resources of a terminology server as a
// FHIR REST API, R4 and R5, in JSON and XML, and search for pick-lists as plain JSON, and tells whether the process
// lives and is ready.
//
// A Server is safe for concurrent use. Whatever a client sends is answered: what is
// wrong with a request is told in an OperationOutcome, and a fault of ours, even a
// panic, as a 500 without detail, which is logged. Successful requests are not
// logged. Serve returns when its context ends, after the requests under way.
//
// The package moves bytes. What a request means and how an answer is written is
// known by fhir, what the answer is by operation; certificates and who may ask are
// left to a proxy in front.
//
// server.go has New and Serve, routes.go the one table from operation to functions,
// handler.go the way of a request, request.go the reading of bodies and headers,
// response.go writing and the one place that turns an error into an
// OperationOutcome, plain.go health, readiness and version, cache.go the answers that
// are kept, origin.go which sites may ask from a browser, address.go how addresses may be
// written. search.go, searchrequest.go
// and searchresponse.go are GET /search, whose answers carry an entity tag.
// instance.go asks an operation of one resource by its id. resources.go reads,
// searches and writes resources, batch.go does so for a Bundle of requests, format.go
// chooses between JSON, XML and a page. page.go shows a resource to a browser:
// pagecodesystem.go, pageconcept.go, pagevalueset.go, pageconceptmap.go and pagelist.go a
// kind of page each, pagefacts.go what all have, pagelayout.go how they look, pagewords.go
// what they say in bokmål, nynorsk and English, pagejson.go reads the resource.
package rest
