package fake

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

func (p *person) phone(d *dice) string {
	return p.town.dial + sprintf("%04d", 1000+d.IntN(9000))
}

// person is for names that tell of people.
func (w *words) person(end string, n namedWords) string {
	p := w.somebody()
	switch end {
	case "email", "mail", "emailaddress":
		return p.email()
	case "firstname", "givenname", "forename", "first":
		return p.first
	case "lastname", "surname", "familyname", "last":
		return p.last
	case "middlename":
		return w.dice.fake().MiddleName()
	case "fullname", "displayname", "realname", "signatory", "signer", "attendee", "approver", "author", "owner", "holder", "contactname", "cardholder", "recipient", "createdby",
		"updatedby", "assignee", "reviewer", "customername", "username1":
		return p.first + " " + p.last
	case "login", "username", "userlogin", "handle", "nickname", "screenname", "user":
		return p.login()
	case "phone", "mobile", "fax", "msisdn", "phonenumber", "telephone", "tel", "cell":
		return p.phone(w.dice)
	case "company", "companyname", "organization", "organisation", "employer", "vendor", "merchant", "organizationname":
		return p.company
	case "jobtitle", "job", "position", "occupation":
		return w.dice.fake().JobTitle()
	case "gender", "sex":
		return w.rotate("female", "male", "nonbinary")
	case "initials":
		return p.first[:1] + p.last[:1]
	case "birthdate", "birthday", "dateofbirth", "dob":
		return w.moment().Format(time.DateOnly)
	case "bio", "about":
		field := w.rotate("mobile apps", "data tools", "web design", "cloud services", "open source")
		return "Works on " + field + " in " + p.town.city + "."
	}
	return ""
}

// location is for names that tell of places.
func (w *words) location(end string, n namedWords) string {
	t := w.somebody().town
	switch end {
	case "street", "streetaddress", "address1", "addressline1", "line1", "streetname", "street1", "addressline":
		return w.street()
	case "address":
		return w.street() + ", " + t.zip + " " + t.city
	case "line2", "address2", "addressline2", "street2":
		return "Floor " + strconv.Itoa(1+w.dice.IntN(9))
	case "city", "town", "locality", "place":
		return t.city
	case "province", "stateorprovince", "county":
		return t.state
	case "state":
		if n.any("address", "billing", "shipping", "province") || strings.Contains(strings.ToLower(w.around().of), "address") ||
			w.around().has("city", "zip", "zipcode", "postalcode", "postcode", "town") {
			return t.state
		}
		return w.rotate("active", "pending", "completed")
	case "zip", "zipcode", "postal", "postalcode", "postcode":
		return t.zip
	case "country", "countryname":
		if w.shape.maxLength == 2 {
			return t.code
		}
		if w.shape.maxLength == 3 {
			return t.code3
		}
		return t.country
	case "countrycode", "countryiso", "iso2":
		if w.shape.minLength == 3 {
			return t.code3
		}
		return t.code
	case "currency", "currencycode":
		return t.currency
	case "currencysymbol":
		return t.symbol
	case "language", "lang", "languagecode":
		return t.language
	case "locale":
		return t.locale
	case "timezone", "tz":
		return t.zone
	case "latitude", "lat":
		return t.latitude
	case "longitude", "lon", "lng":
		return t.longitude
	case "region":
		return w.rotate("eu-west-1", "us-east-1", "eu-central-1", "ap-southeast-2")
	}
	return ""
}

func (w *words) street() string {
	name := w.rotate("Oak", "Station", "Mill", "Harbour", "Church", "Garden", "Park", "High")
	return strconv.Itoa(1+w.dice.IntN(240)) + " " + name + " Street"
}

// network is for names that tell of computers and their addresses.
func (w *words) network(end string, n namedWords) string {
	d := w.dice
	switch end {
	case "url", "uri", "href", "link", "homepage", "website", "endpoint", "avatar", "image", "photo", "logo", "picture",
		"thumbnail", "webhook", "callback":
		return w.url()
	case "ip", "ipaddress", "ipv4", "ipaddr", "ipv4address", "remoteaddr":
		return sprintf("192.0.2.%d", 1+d.IntN(254))
	case "ipv6", "ipv6address":
		return sprintf("2001:db8::%x:%x", 1+d.IntN(0xfffe), 1+d.IntN(0xfffe))
	case "mac", "macaddress":
		return sprintf("02:00:5e:%02x:%02x:%02x", d.IntN(256), d.IntN(256), d.IntN(256))
	case "host", "hostname", "domain", "fqdn", "domainname", "server":
		return w.rotate("www", "api", "app", "mail", "static", "db-1") + ".example.com"
	case "cidr", "subnet", "iprange":
		return sprintf("10.%d.%d.0/24", d.IntN(256), d.IntN(256))
	case "useragent":
		return "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0"
	case "mime", "mimetype", "contenttype", "mediatype":
		return w.rotate("application/json", "image/png", "text/plain", "application/pdf")
	case "filename", "file":
		return slug(w.phrase(2)) + w.rotate(".pdf", ".csv", ".png", ".txt")
	case "path", "filepath", "dir", "directory":
		return "/srv/" + slug(w.phrase(2))
	case "sha", "commit", "sha1", "commitsha", "revision":
		return w.hex(40)
	case "checksum", "sha256", "digest", "hash", "etag", "fingerprint":
		return w.hex(64)
	case "md5":
		return w.hex(32)
	case "ref", "branch":
		return w.rotate("main", "develop", "release/2.4", "feature/search")
	case "token", "accesstoken", "apikey", "secret", "clientsecret", "refreshtoken":
		return w.code(32)
	case "requestid", "traceid", "correlationid":
		return w.hex(32)
	}
	return ""
}

// value is for names that tell of identity, time and state.
func (w *words) value(end string, n namedWords) string {
	d := w.dice
	switch end {
	case "uuid", "guid", "id", "uid":
		return w.identity()
	case "at", "timestamp", "datetime", "time", "createdon", "updatedon":
		return w.moment().Format(time.RFC3339)
	case "date", "day":
		return w.moment().Format(time.DateOnly)
	case "version":
		return sprintf("%d.%d.%d", 1+d.IntN(4), d.IntN(12), d.IntN(20))
	case "color", "colour":
		return w.rotate("#1f6feb", "#d73a4a", "#0e8a16", "#fbca04", "#5319e7", "#e99695")
	case "type", "kind", "tier", "plan", "class", "mode", "style", "variant", "edition":
		return w.rotate("standard", "basic", "premium", "extended")
	case "role", "permission", "scope":
		return w.rotate("admin", "editor", "viewer", "billing")
	case "format", "extension":
		return w.rotate("json", "csv", "pdf", "xml")
	case "environment", "env", "stage":
		return w.rotate("production", "staging", "development")
	case "method":
		return w.rotate("GET", "POST", "PUT")
	case "protocol", "scheme":
		return w.rotate("https", "http", "tcp")
	case "provider", "source", "origin", "platform", "system":
		return w.rotate("web", "mobile", "partner", "import")
	case "release", "build":
		return sprintf("%d.%d.%d", 1+d.IntN(4), d.IntN(12), d.IntN(20))
	case "period", "billingperiod", "cycle":
		return w.rotate("monthly", "quarterly", "yearly")
	case "cmd", "command":
		return w.rotate("npm run build", "make release", "go build ./...", "yarn build")
	case "accountnumber", "routingnumber", "cardnumber":
		return w.digits(10)
	case "iban":
		return "DE" + w.digits(20)
	case "error", "errormessage":
		return w.sentence(4)
	case "status", "lifecycle":
		return w.rotate("active", "pending", "completed")
	case "code":
		return strings.ToUpper(w.code(3)) + strconv.Itoa(100+d.IntN(900))
	case "number", "no", "reference", "sku", "serial", "serialnumber":
		return strings.ToUpper(w.code(3)) + "-" + strconv.Itoa(10000+d.IntN(90000))
	case "price", "amount", "total", "cost", "balance", "fee":
		return sprintf("%d.%02d", 5+d.IntN(300), pick(d, 0, 50, 90, 95, 99))
	case "percentage", "percent":
		return strconv.Itoa(d.IntN(101))
	case "duration":
		return w.rotate("15m", "30m", "1h", "2h")
	case "size":
		return w.rotate("small", "medium", "large")
	case "priority", "severity", "level":
		return w.rotate("low", "medium", "high")
	case "password":
		s, _ := w.codeFormat("password")
		return s
	case "cursor", "nextpagetoken", "pagetoken":
		return w.code(16)
	}
	return ""
}

// identity is an id: a UUID, or something shorter where there is no room for one.
func (w *words) identity() string {
	most := w.shape.maxLength
	if most < 0 || most >= 36 {
		return w.dice.uuid()
	}
	return w.code(min(most, max(w.shape.minLength, 12)))
}

// thing is for names of things and texts about them.
func (w *words) thing(end string, n namedWords) string {
	d := w.dice
	switch end {
	case "name", "label", "names":
		if n.any("dns", "domain", "host", "hostname") {
			return w.network("host", n)
		}
		return w.called()
	case "title", "subject", "headline", "heading":
		return title(w.phrase(4))
	case "purpose", "memo", "remediation", "justification", "feedback", "greeting":
		return w.sentence(5)
	case "team", "squad":
		return w.rotate("Platform", "Design", "Support", "Growth", "Payments")
	case "bank":
		return w.bank()
	case "feature", "capability", "amenity":
		return w.rotate("backups", "monitoring", "private-networking", "two-factor", "audit-log")
	case "description", "body", "text", "message", "comment", "content", "note", "notes", "summary", "details", "reason", "caption",
		"instructions", "abstract", "remarks", "detail":
		return w.sentence(8)
	case "slug", "permalink":
		return slug(w.phrase(2))
	case "tag", "keyword", "topic":
		return w.rotate("new", "featured", "sale", "internal", "beta", "priority")
	case "category", "group", "department", "section", "genre":
		return w.rotate("Home", "Office", "Outdoor", "Kitchen", "Travel", "Garden")
	case "product", "productname", "item":
		return d.fake().ProductName()
	case "brand", "make", "manufacturer":
		return w.rotate("Northwind", "Acme", "Contoso", "Globex", "Initech")
	case "model":
		return w.rotate("S", "X", "Pro ", "Air ") + strconv.Itoa(1+d.IntN(9))
	case "unit":
		return w.rotate("kg", "pcs", "m", "l")
	case "material":
		return w.rotate("oak", "steel", "cotton", "glass")
	case "question":
		return "How long does delivery take?"
	case "answer":
		return "Most orders arrive within three days."
	case "species", "breed":
		return w.rotate("beagle", "siamese", "labrador", "parakeet")
	}
	return ""
}

// bank is the name of a bank.
func (w *words) bank() string {
	return w.rotate("First Harbor", "Northgate", "Summit", "River Valley", "Old Mill") + " " + w.rotate("Bank", "Savings Bank", "Trust")
}

// digits are n of them, no 0 first.
func (w *words) digits(n int) string {
	b := []byte{byte('1' + w.dice.IntN(9))}
	for len(b) < n {
		b = append(b, byte('0'+w.dice.IntN(10)))
	}
	return string(b)
}

// called is a name that fits what it is called the name of, bankName, else what the row around is called.
func (w *words) called() string {
	own := slices.DeleteFunc(namedWords(splitName(w.at.name)), func(word string) bool {
		switch word {
		case "name", "names", "label", "short", "long", "original", "new", "old", "legal", "common", "trade", "internal", "public", "alternate":
			return true
		}
		return false
	})
	of := splitName(w.around().of)
	if len(own) > 0 {
		if s := w.calledAs(own); s != "" {
			return s
		}
		if s := w.value(own.last(), own); s != "" && !own.any("id", "uuid", "number") {
			return s
		}
		return w.dub(own)
	}
	if s := w.calledAs(of); s != "" {
		return s
	}
	if w.around().has("email", "emailaddress", "birthday", "dateofbirth", "jobtitle") {
		return w.somebody().first + " " + w.somebody().last
	}
	return w.dub(of)
}

// dub is a name for things of which nothing else is known.
func (w *words) dub(of namedWords) string {
	return title(w.rotate("amber", "north", "blue", "silver", "maple", "river", "summit", "cedar", "delta", "harbor") +
		" " + of.subject("item"))
}

// calledAs is a name for what the words say, "" if they say nothing.
func (w *words) calledAs(of namedWords) string {
	d, p := w.dice, w.somebody()
	switch {
	case of.any("bank"):
		return w.bank()
	case of.any("user", "person", "customer", "contact", "owner", "author", "member", "employee", "patient", "account", "people",
		"guest", "student", "recipient", "sender", "cardholder", "holder", "driver", "passenger"):
		return p.first + " " + p.last
	case of.any("company", "organization", "organisation", "org", "vendor", "merchant", "store", "shop", "supplier",
		"business", "tenant"):
		return p.company
	case of.any("product", "item", "article", "stock"):
		return d.fake().ProductName()
	case of.any("pet", "animal", "dog", "cat"):
		return d.fake().PetName()
	case of.any("city", "town", "location", "venue"):
		return p.town.city
	case of.any("country"):
		return p.town.country
	case of.any("category", "group", "collection"):
		return w.rotate("Home", "Office", "Outdoor", "Kitchen", "Travel", "Garden", "Sports", "Books")
	case of.any("tag", "label", "topic", "labels", "tags"):
		return w.rotate("new", "featured", "sale", "internal", "beta", "priority", "urgent")
	case of.any("file", "document", "attachment", "upload", "asset"):
		return slug(w.phrase(2)) + w.rotate(".pdf", ".csv", ".png", ".txt")
	}
	return w.calledTechnically(of)
}

// calledTechnically is calledAs for what computers are made of.
func (w *words) calledTechnically(of namedWords) string {
	d := w.dice
	switch {
	case of.any("repository", "repo", "project", "app", "application", "package", "module", "service", "cluster", "database", "volume",
		"bucket", "image", "server", "droplet", "instance", "node", "vm", "network",
		"vpc", "firewall", "function", "key", "pool", "snapshot",
		"host", "disk"):
		return w.rotate("web", "billing", "search", "media", "staging", "backup", "metrics", "public") +
			"-" + of.subject("app") + sprintf("-%02d", 1+d.IntN(40))
	case of.any("event", "exhibit", "exhibition"):
		return w.rotate("Night of Lights", "Ocean Stories", "Pirate Treasures", "Paper and Ink", "Autumn Gala")
	case of.any("role", "permission", "scope"):
		return w.rotate("admin", "editor", "viewer", "billing")
	}
	return ""
}

// subject is the last word that tells what something is, or other where there is none.
func (n namedWords) subject(other string) string {
	for i := len(n) - 1; i >= 0; i-- {
		switch n[i] {
		case "name", "label", "response", "request", "list", "object", "model", "dto", "v1", "v2", "base",
			"full", "minimal", "simple":
		default:
			return singular(n[i])
		}
	}
	return other
}
