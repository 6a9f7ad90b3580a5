/// Former states and territories without a code in ISO 3166-1; created as stakeholders when a profile's row names one.
enum StatesBeyondISO {
  /// Code (ISO 3166-3 where it has one) to the stakeholder's fields; the type is `state` unless they say otherwise.
  package static let all: [String: [String: String]] = [
    "ANT": ["name": "Netherlands Antilles", "type": "sub_state", "valid_from": "1954-12-15", "valid_to": "2010-10-09"],
    "CSK": ["name": "Czechoslovakia", "valid_from": "1918-10-28", "valid_to": "1992-12-31"],
    "DDR": ["name": "German Democratic Republic", "valid_from": "1949-10-07", "valid_to": "1990-10-02"],
    "SUN": ["name": "Soviet Union", "valid_from": "1922-12-30", "valid_to": "1991-12-26"],
    "XKX": ["name": "Kosovo", "valid_from": "2008-02-17"],
    "YUG": ["name": "Yugoslavia", "valid_from": "1918-12-01"],
    "china-republic-of": ["name": "Republic of China", "valid_from": "1912-01-01"],
    "hawaii": ["name": "Kingdom of Hawaii", "valid_to": "1893-01-17"],
    "tanganyika": ["name": "Tanganyika", "valid_from": "1961-12-09", "valid_to": "1964-04-25"],
    "yemen-arab-republic": ["name": "Yemen Arab Republic", "valid_from": "1962-09-27", "valid_to": "1990-05-21"],
    "zimbabwe-rhodesia": ["name": "Zimbabwe Rhodesia", "valid_from": "1979-06-01", "valid_to": "1979-12-11"],
  ]
}
