"""One story in six languages, made up for tests: a harbour that closes.

In each, the second sentence and another one lean on the sentence before, and one is a question.
"""

ENGLISH = (
    "PORT ELLERY (Courier) — The harbour at Port Ellery will close for six weeks from Monday while "
    "engineers replace the sea gate, the port authority said. He gave no date for the ferries. "
    "Ferries to the islands will leave from Saltmouth instead, and tickets already bought stay "
    "valid. Will it be enough? The old gate was damaged in the storm of 9 October, when waves of "
    "seven metres broke two of its hinges. But the crews are angry. Fishing crews have asked the "
    "town council for compensation, and a hearing is set for Thursday. The council has put aside "
    "£40,000 for a support fund, which opens on the first of the month."
)

STORIES = {
    "en": ENGLISH,
    "es": (
        "SALINAS (Correo) — El puerto de Salinas cerrará seis semanas desde el lunes para cambiar la "
        "compuerta del mar, informó la autoridad portuaria. Él no dio fecha para los barcos. Los "
        "transbordadores a las islas saldrán de Punta Brava, y los billetes comprados siguen siendo "
        "válidos. ¿Será suficiente? La vieja compuerta se rompió en la tormenta del 9 de octubre, con "
        "olas de 7,5 metros. Sin embargo, los pescadores protestan. Las cofradías de pescadores piden "
        "1.200 euros por barco al ayuntamiento, que decidirá el jueves. Foto: el puerto de Salinas "
        "antes de la tormenta de octubre."
    ),
    "de": (
        "Norderhaven (dpa) - Der Hafen von Norderhaven schließt ab Montag für sechs Wochen, weil "
        "Ingenieure das Seetor erneuern, teilte die Hafenbehörde mit. Sie nannte kein Datum für die "
        "Fähren. Die Fähren zu den Inseln legen bis dahin in Salzmünde ab, und gekaufte Fahrkarten "
        "bleiben gültig. Wird das reichen? Das alte Tor wurde im Sturm am 9. Oktober beschädigt, als "
        "7,5 Meter hohe Wellen zwei Angeln brachen. Trotzdem sind die Fischer verärgert. Fischer aus "
        "drei Dörfern verlangen von der Stadt 1.200 Euro je Boot, der Rat entscheidet am Donnerstag."
    ),
    "fr": (
        "PORT-LANVÉ, 3 nov (AFP) - Le port de Port-Lanvé fermera six semaines à partir de lundi, le "
        "temps de remplacer la porte marine, a annoncé l’autorité portuaire. Elle n’a donné aucune "
        "date pour les bateaux. Les bacs vers les îles partiront de Saint-Sel, et les billets déjà "
        "achetés restent valables. Cela suffira-t-il ? L’ancienne porte a été abîmée par la tempête "
        "du 9 octobre, avec des vagues de 7,5 mètres. Pourtant, les pêcheurs sont en colère. Les "
        "pêcheurs de trois villages réclament à la ville 1 200 euros par bateau, et le conseil "
        "tranchera jeudi."
    ),
    "pt": (
        "PORTO SALGADO (Lusa) - O porto de Porto Salgado fecha durante seis semanas a partir de "
        "segunda-feira para a substituição da comporta, informou a autoridade portuária. Ela não deu "
        "data para os barcos. Os barcos para as ilhas partem de Vila do Sal, e os bilhetes comprados "
        "continuam válidos. Será suficiente? A velha comporta ficou danificada na tempestade de 9 de "
        "outubro, com ondas de 7,5 metros. No entanto, os pescadores protestam. Os pescadores de três "
        "aldeias pedem à câmara 1.200 euros por barco, e a decisão sai na quinta-feira."
    ),
    "it": (
        "PORTO SALINO, 3 nov. (ANSA) - Il porto di Porto Salino chiuderà per sei settimane da lunedì "
        "per sostituire la paratoia, ha annunciato l’autorità portuale. Lei non ha dato una data per "
        "i traghetti. I traghetti per le isole partiranno da Capo Sale, e i biglietti già comprati "
        "restano validi. Basterà? La vecchia paratoia è stata danneggiata dalla tempesta del 9 "
        "ottobre, con onde di 7,5 metri. Tuttavia i pescatori protestano. I pescatori di tre paesi "
        "chiedono al comune 1.200 euro per barca, e il consiglio decide giovedì."
    ),
}
