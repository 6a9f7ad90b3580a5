/// Makes a handle from a name: lower-case ASCII letters and digits, with `-` between words, e.g. `kim-jong-un`.
///
/// Letters lose their marks (`é` is `e`), a few are spelled out (`ß` is `ss`), all else separates words. Empty if nothing is left.
package func slug(_ name: String) -> String {
  var slug = ""
  var isSeparated = false
  for scalar in withoutMarks(name) {
    let letters = spelling(scalar)
    if letters.isEmpty {
      isSeparated = true
      continue
    }
    if isSeparated, !slug.isEmpty { slug += "-" }
    isSeparated = false
    slug += letters
  }
  return slug
}

/// The ASCII spelling of a Latin letter or digit; empty for anything else. It lists the letters that do not decompose.
func spelling(_ scalar: Unicode.Scalar) -> String {
  switch scalar {
  case "a"..."z", "0"..."9": String(scalar)
  case "A"..."Z": Unicode.Scalar(scalar.value + 32).map { String($0) } ?? ""
  case "ß", "ẞ": "ss"
  case "æ", "Æ": "ae"
  case "œ", "Œ": "oe"
  case "ø", "Ø": "o"
  case "đ", "Đ", "ð", "Ð": "d"
  case "þ", "Þ": "th"
  case "ł", "Ł": "l"
  case "ħ", "Ħ": "h"
  case "ı": "i"
  case "ə", "Ə": "e"
  default: ""
  }
}
