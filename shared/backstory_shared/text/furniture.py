"""Furniture: the fixed phrases of news sites in English, Spanish, German and French.

All patterns meet a line in lower case, without bullets and end marks, whose "’" is "'". Only
notices and lead-ins may end with a full stop.
"""

import re

#: Whole lines that are buttons, labels and notices.
_LABELS = [
    # the reader in a hurry
    r"no time to read\?(?: get a summary)?",
    r"(?:get|show|read) (?:a|the) summary|summari[sz]e(?: this article)?",
    r"keine zeit zum lesen\??|zusammenfassung (?:an)?zeigen|¿?no tienes tiempo(?: de leer)?\??",
    r"ver resumen|leer el resumen|pas le temps de lire ?\?|(?:voir|lire) le résumé",
    # sharing
    r"(?:please )?share(?: (?:this(?: (?:article|story|post|page|on.{0,40}))?|with (?:friends|"
    r"others|your .{1,30})|"
    r"(?:on|via) (?:facebook|twitter|x|whatsapp|linkedin|telegram|reddit|pinterest|"
    r"e-?mail).{0,40}))?",
    r"(?:(?:share|tweet|print|email|e-mail|pin|save|copy link|link copied|bookmark|pocket|"
    r"messenger|"
    r"facebook|twitter|x|whatsapp|telegram|linkedin|reddit|pinterest|flipboard|instagram|threads|"
    r"bluesky|tumblr|viber|vk|youtube|tiktok|compartir|imprimir|teilen|drucken|merken|partager|"
    r"imprimer|envoyer|enviar|guardar)(?:[\s,|/·•]+|$))+",
    r"(?:artikel|beitrag|seite) (?:teilen|drucken|merken|versenden|anhören|vorlesen)",
    r"(?:jetzt )?teilen (?:auf|per|via) .{1,30}",
    r"comparte(?: (?:este|esta|en) .{1,40})?|compartir (?:este|esta|en|por) .{1,40}",
    r"partage[rz](?: (?:cet|cette|sur|l') ?.{1,40})?",
    r"\d+ (?:shares?|comments?|comentarios?|kommentare?|commentaires?|views|reactions)",
    r"(?:view |read |see |show |hide |join the )?(?:all )?comments?(?: \(\d+\))?",
    r"leave a (?:comment|reply)|join the (?:conversation|discussion)|post a comment",
    r"kommentare?(?: \(\d+\))?|kommentieren|jetzt kommentieren|kommentar schreiben",
    r"comentarios?(?: \(\d+\))?|deja(?: un)? comentario|escribe un comentario",
    r"commentaires?(?: \(\d+\))?|laisser un commentaire|réagir",
    r"(?:listen|play|watch|pause)(?: (?:to )?(?:this |the )?(?:article|story|audio|video|now))?",
    r"(?:escuchar|escucha) (?:este |el )?(?:artículo|audio)|écouter (?:cet |l')article",
    # advertisements
    r"advertisements?|advert|ad|ads|sponsored(?: content)?|promoted|paid (?:content|post)|"
    r"(?:story|article) continues below(?: (?:this )?(?:ad|advertisement))?|skip (?:ad|"
    r"advertisement)|"
    r"(?:scroll|continue reading) (?:down )?(?:below )?(?:to continue|for more|after (?:the "
    r")?ad(?:vertisement)?)|"
    r"advertisement ?[-–—] ?(?:scroll|story|continue|article).{0,60}|report (?:this )?ad",
    r"anzeigen?|werbung|publicidad|anuncios?|patrocinado|contenido patrocinado|publicité|"
    r"contenu sponsorisé|la suite après (?:cette|la) publicité|sigue leyendo|"
    r"continúa leyendo|(?:artikel|text) weiterlesen|weiterlesen|lire la suite|leer más|read on|"
    r"read more|read next|read full (?:story|article)|load more|show more|see more|view more|"
    r"mehr (?:anzeigen|laden|lesen)|mehr dazu|ver más|voir plus|mostrar más|afficher plus",
    # navigation
    r"(?:back|return|go|jump|skip)(?: back)? to (?:top|the top|home|homepage|content|main "
    r"content|navigation)",
    r"(?:nach oben|zur startseite|zum seitenanfang|zum inhalt springen|volver arriba|ir al "
    r"contenido|"
    r"saltar al contenido|haut de page|retour en haut|aller au contenu)",
    r"home|menu|menü|menú|search|suche|buscar|rechercher|accueil|startseite|inicio|"
    r"log ?in|sign in|sign up|register|subscribe(?: now)?|anmelden|registrieren|abonnieren|"
    r"iniciar sesión|regístrate|suscríbete|se connecter|s'inscrire|s'abonner|abonnez-vous",
    r"reuters/.{1,40}|(?:getty images|ap photo|afp|shutterstock|istock)(?:[/ ,].{0,60})?",
    # reading time and dates of the page
    r"(?:estimated )?(?:reading time|read time)?:? ?(?:about )?\d{1,3}[ -]?(?:min|mins|"
    r"minutes?)\.?(?: of)?(?: read(?:ing)?(?: time)?)?",
    r"lesezeit:? ?(?:ca\. ?)?\d{1,3} ?(?:min|minuten?)|\d{1,3} ?(?:min|minuten?) lesezeit",
    r"(?:tiempo de lectura|lectura):? ?\d{1,3} ?(?:min|minutos?)|\d{1,3} ?(?:min|minutos?) de "
    r"lectura",
    r"(?:temps de lecture|lecture) ?:? ?\d{1,3} ?(?:min|minutes?)|\d{1,3} ?(?:min|minutes?) de "
    r"lecture",
    r"(?:(?:first )?published|(?:last )?updated|posted|modified)(?: on| at)?:? .{0,12}\d.{0,36}|"
    r"(?:veröffentlicht|aktualisiert|stand)(?: am)?: .{0,12}\d.{0,30}|"
    r"(?:publicado|actualizado)(?: el)?:? .{0,12}\d.{0,36}|"
    r"(?:publié|mis à jour|modifié) (?:le|à|il y a) .{0,12}\d.{0,36}",
    r"\d{1,2} (?:second|minute|hour|day|week)s? ago|vor \d{1,2} (?:minuten?|stunden?|tagen?)|"
    r"hace \d{1,2} (?:minutos?|horas?|días?)|il y a \d{1,2} (?:minutes?|heures?|jours?)",
    r"error|close|dismiss|cancel|schließen|cerrar|fermer|menu close|loading(?:\.\.\.)?",
]

#: Whole lines that are sentences of the site's own.
_NOTICES = [
    # rights and credits
    r"(?:copyright )?(?:©|\(?c\)|copyright) ?(?:19|20)\d\d.{0,160}|copyright © .{1,60}|© .{1,60}",
    r"(?:(?:©|copyright) .{0,80})?all rights reserved.{0,80}|"
    r"alle rechte vorbehalten.{0,60}|todos los derechos reservados.{0,60}|tous droits "
    r"réservés.{0,60}",
    r"this (?:material|content|article) may not be (?:published|reproduced|copied).{0,160}",
    r"our standards: .{0,80}",
    r"(?:additional )?reporting by .{3,120}?; ?(?:writing|editing|additional) .{3,120}",
    r"(?:\S+ ){1,12}contributed to this (?:report|story|article)",
    # asking for the reader's address, consent or money
    r"(?:sign up|subscribe|register) (?:here |now |today )?(?:for|to) (?:our|the|this) (?:\S+ "
    r"){0,6}"
    r"(?:newsletters?|e-?mails?|alerts?|briefing|updates|channel|podcast)(?: .{0,60})?",
    r"(?:get|receive) (?:our|the|all|more) .{0,60}(?:(?:in|to) your inbox|newsletters?).{0,40}",
    r"(?:join|subscribe to) our (?:\S+ ){0,3}(?:channel|newsletter|mailing list).{0,60}",
    r"(?:enter )?your e-?mail(?: address)?|e-mail-adresse|correo electrónico|adresse e-mail|"
    r"newsletter",
    r"by (?:signing up|subscribing|clicking|continuing|registering|entering).{0,40}(?:you agree|"
    r"you accept|you consent).{0,160}",
    r"(?:abonnieren|bestellen) sie (?:unseren|den|hier) .{0,40}newsletter.{0,60}|"
    r"(?:hier )?(?:zum|unser|jetzt) .{0,30}newsletter.{0,20}(?:anmelden|abonnieren)?",
    r"(?:suscríbete|suscríbase|apúntate|regístrate|inscríbete) (?:a|en|gratis|aquí).{0,80}|"
    r"recibe .{0,50}(?:boletín|newsletter|correo).{0,40}",
    r"(?:abonnez-vous|inscrivez-vous) (?:à|gratuitement|ici).{0,80}|"
    r"recevez .{0,60}(?:newsletter|boîte mail|par e-?mail).{0,40}",
    r"(?:we|this (?:site|website|page)|our (?:site|website)) (?:and our partners )?uses? "
    r"cookies.{0,200}",
    r"(?:diese (?:seite|website|webseite)|wir) (?:verwendet|nutzt|verwenden|nutzen|benutzt) "
    r"cookies.{0,200}",
    r"(?:este sitio(?: web)?|esta (?:web|página)|nosotros)? ?(?:utiliza|utilizamos|usa|usamos) "
    r"cookies.{0,200}",
    r"(?:ce site|nous) (?:utilise|utilisons) des cookies.{0,200}",
    r"accept(?: all)?(?: cookies)?|reject all|cookie (?:settings|policy|preferences)|privacy "
    r"(?:policy|notice|settings)|"
    r"terms (?:of (?:use|service)|and conditions)|(?:alle )?(?:cookies )?akzeptieren|"
    r"datenschutz(?:erklärung)?|impressum|"
    r"aceptar(?: todo| cookies)?|política de (?:privacidad|cookies)|(?:tout )?accepter|politique "
    r"de confidentialité|"
    r"mentions légales|aviso legal",
    r"(?:please )?(?:follow|like|find|join) us (?:on|at) .{1,100}|follow (?:us|@\w+)|"
    r"follow .{1,60} on (?:x|twitter|facebook|instagram|threads|bluesky|tiktok|youtube|google "
    r"news|linkedin).{0,40}",
    r"folgen sie uns(?: (?:auf|bei) .{1,80})?|folge uns(?: (?:auf|bei) .{1,80})?|"
    r"(?:síguenos|siga a .{1,30}|sigue a .{1,30}|sigue toda .{1,60})(?: en .{1,80})?|"
    r"suivez-nous(?: sur .{1,80})?|retrouvez-nous sur .{1,80}",
    r"(?:download|get) (?:the|our) (?:\S+ ){0,3}app.{0,40}|(?:descarga|télécharge[rz]) "
    r"(?:nuestra|la|l'|notre) ?.{0,20}app.{0,30}",
    r"support (?:our|independent) journalism.{0,60}|(?:become a member|donate)(?: today| now)?|"
    r"(?:please )?enable javascript.{0,100}|your browser does not support .{0,80}",
    r"(?:have|got) a (?:news )?(?:tip|story)\?.{0,120}|(?:do you have|got) a (?:tip|story) "
    r".{0,100}",
]

#: Beginnings of lines that point elsewhere or describe a picture; a colon makes them what they are.
_LEAD_INS = [
    r"(?:read|see|watch|learn|listen|discover) (?:more|also|next|too)(?: (?:on|about|from|at) "
    r"[^:]{1,40})? ?[:|]",
    r"(?:also )?(?:read|see|watch)(?: also| this| full story| here)? ?:",
    r"also (?:read|see|on [^:]{1,30}) ?[:|]",
    r"(?:related|recommended|more|don't miss|up next|trending|most read|you may also like|in "
    r"case you missed it)"
    r"(?: (?:articles?|stories|story|news|reading|coverage|content|links?|topics?|from "
    r"[^:]{1,30}|on this[^:]{0,20}))? ?[:|]",
    r"(?:lesen|sehen|hören) sie (?:auch|dazu|hier|mehr|weiter)[^:.]{0,30} ?[:|]|"
    r"(?:mehr (?:zum thema|dazu|lesen)|lesetipp|auch interessant|das könnte sie auch "
    r"interessieren|siehe auch|zum thema) ?[:|]",
    r"lee (?:también|más|además|aquí|la nota|el artículo)[^:]{0,20} ?[:|]|(?:lea|leer|ver|mira|vea|te puede interesar|le puede interesar|más información|más "
    r"sobre|relacionad[oa]s?|no te pierdas|además)"
    r"(?: (?:también|más|además|aquí|la nota|el artículo|noticias?|artículos?))? ?[:|]",
    r"(?:lire|voir|à lire|à voir|écouter|sur le même sujet|pour aller plus loin|en savoir plus)"
    r"(?: (?:aussi|également|la suite|plus|encore))? ?[:|]",
    r"(?:photo(?:graph)?s?|image|picture|video|illustration|photo credit|image credit|image source|"
    r"picture credit|photo by|foto|fotos|bild|bilder|bildquelle|bildnachweis|imagen|imágenes|vídeo|"
    r"crédito(?: de (?:la )?foto)?|fuente de la imagen|crédits?(?: photo)?|photographie|légende|"
    r"caption|image caption|media caption|credit|source de l'image|grafik)"
    r"(?: (?:by|de|von|par))? ?[:|©]|(?:image|picture|photo) source, .{2,60}$",
    r"(?:photo|image|picture|foto|bild) (?:by|courtesy of|via|©) [^.]{2,80}$",
    r"(?:tags?|topics?|filed under|categories|category|schlagworte|schlagwörter|themen|etiquetas|"
    r"temas|mots[- ]clés|thèmes) ?:",
    r"(?:contact|write to|email) (?:the )?(?:author|reporter|us|newsroom)[^.]{0,40} ?(?:at|:)",
]

#: Lines that announce the headline of one other article on the next line.
_POINTERS = [
    r"(?:previous|next|prev|older|newer)(?: (?:article|story|post|news))",
    r"(?:voriger|vorheriger|nächster|letzter|älterer|neuerer) (?:artikel|beitrag)",
    r"(?:artículo|nota|noticia|entrada) (?:anterior|siguiente|previ[oa])|(?:anterior|siguiente) "
    r"(?:artículo|noticia|nota)",
    r"(?:article|billet|actualité) (?:précédent|précédente|suivant|suivante)",
    r"up next|read next|nächster|weiter zum nächsten artikel",
]

#: Lines that announce a list of other headlines.
_SHELVES = [
    r"(?:related|recommended|more|latest|popular|trending|top|other|similar|further)"
    r" (?:articles?|stories|story|posts?|news|reading|coverage|content|topics?|links|videos)(?: "
    r".{0,30})?",
    r"(?:most (?:read|popular|viewed|shared)|more (?:on this(?: story| topic)?|from .{1,40}|like "
    r"this)|"
    r"you (?:may|might) (?:also )?(?:like|be interested in)|recommended(?: for you)?|don't miss|"
    r"related|trending(?: now)?|editor's picks?|in case you missed it|read also|see also|also "
    r"read)",
    r"(?:mehr (?:zum thema|aus .{1,30}|artikel|nachrichten)|meistgelesen|das könnte (?:sie|dich) "
    r"auch interessieren|"
    r"auch interessant|weitere (?:artikel|themen|nachrichten|meldungen)|ähnliche (?:artikel|"
    r"beiträge)|"
    r"verwandte (?:artikel|themen)|lesen sie auch)",
    r"(?:(?:noticias|artículos|notas|contenido|temas) relacionad[oa]s?|lo más (?:leído|visto)|te "
    r"puede interesar|"
    r"también te puede interesar|más (?:noticias|leídas|información)|lea también|no te pierdas)",
    r"(?:(?:articles?|sujets?|contenus?) (?:liés?|similaires?|connexes?|associés?)|sur le même "
    r"(?:sujet|thème)|"
    r"(?:à )?lire aussi|les plus lus|vous aimerez aussi|à lire également|plus d'(?:articles|"
    r"actualités)|dans la même rubrique)",
]


def _any_of(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


LABELS = _any_of(_LABELS)
NOTICES = _any_of(_NOTICES)
LEAD_INS = _any_of(_LEAD_INS)
POINTERS = _any_of(_POINTERS)
SHELVES = _any_of(_SHELVES)
