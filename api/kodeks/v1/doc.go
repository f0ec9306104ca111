// Package kodeksv1 is the messages and the service of Kodeks in Protocol Buffers,
// for clients and for the server.
//
// All but this file is generated from proto/kodeks/v1; make generate writes it,
// and make check fails when it is not current. Within version 1, fields and
// methods are added, never changed or removed.
//
// The package has no behaviour: package grpcserver serves it and converts it from
// and to package operation.
//
// terminology.pb.go has the messages, terminology_grpc.pb.go the service.
package kodeksv1
