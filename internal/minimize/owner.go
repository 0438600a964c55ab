package minimize

import (
	"encoding/json"
	"strings"
)

// ownership is what a record says about the subject of the call.
type ownership int

const (
	nobody   ownership = iota // there is no subject
	asserted                  // the record names no owner; the caller's word counts
	own                       // the record names the subject
	foreign                   // the record names somebody else
)

// ownerOf compares the owner a record names with the subject. WooCommerce gives
// a guest's order customer_id 0: that is foreign to a known customer.
func ownerOf(resource, subject string, record map[string]any) ownership {
	if subject == "" {
		return nobody
	}
	key := "customer_id"
	if resource == "customers" {
		key = "id"
	}
	id, ok := text(record[key])
	if !ok {
		if record[key] != nil {
			return foreign
		}
		return asserted
	}
	if subject == "cust:"+id {
		return own
	}
	if id == "0" && !strings.HasPrefix(subject, "cust:") {
		return asserted
	}
	return foreign
}

// anonymized reports whether WooCommerce has erased the person of an order.
func anonymized(record map[string]any) bool {
	if record["_anonymized"] == "yes" {
		return true
	}
	list, _ := record["meta_data"].([]any)
	for _, e := range list {
		if m, _ := e.(map[string]any); m["key"] == "_anonymized" && m["value"] == "yes" {
			return true
		}
	}
	return false
}

// unpublished reports whether a product is not for every visitor's eyes. A
// record without a status is taken as published: a shop that reads products by
// the public API has no other.
func unpublished(record map[string]any) bool {
	status, _ := record["status"].(string)
	visible, _ := record["catalog_visibility"].(string)
	return status != "" && status != "publish" || visible == "hidden"
}

// plain reports whether v is a JSON scalar.
func plain(v any) bool {
	switch v.(type) {
	case string, json.Number, bool:
		return true
	}
	return false
}
