// Package grpcserver serves the operations of Kodeks over gRPC as
// kodeks.v1.TerminologyService, with health and reflection.
//
// A Server answers until the context given to Serve ends, then lets calls under
// way finish. It is safe for concurrent use, as are Local and Client, which give
// the same service to a program: Local in the same process, Client over the
// network. All three answer with the same messages, and Local and Client fail with
// the same errors, *terminology.Error. EvaluateConstraint streams: both give its messages
// to a function, whose error ends the work of the server as well. SearchAsYouType, which
// streams both ways, is the Server's alone.
//
// The package knows the messages of kodeks.v1 and gRPC, which no other package
// does. What an answer is belongs to operation; that a code may be written in
// several forms, or a code system have several names, is known there too.
//
// service.go has the interfaces, and then there is one file an operation with its
// method and its conversions; typeahead.go has the stream of a search box. coding.go converts what they share, errors.go has the
// one table of error kinds, server.go and interceptor.go the transport, client.go
// the way in from another process.
package grpcserver
