"""Tables of words that others keep well, made by training/language_tables.py. Do not edit.

Stop words: the package stop-words 2025.11.4, BSD-3-Clause, by Alireza Savand and others. Months
and days: the Unicode CLDR as Babel 2.18.0 has it; abbreviations: the CLDR 46.1; Unicode License
v3. Both licences: NOTICE.
"""

from collections.abc import Mapping

STOP_WORDS: Mapping[str, frozenset[str]] = {
    "es": frozenset(
        """
a acerca actualmente adelante además adonde afirmó agregó ahora ahí al algo alguna algunas
alguno algunos algún allende alrededor ambos ampleamos amén ante anterior antes apenas
aproximadamente aquel aquellas aquellos aqui aquí arriba aseguró así atras aun aunque ayer
añadió aún bajo bastante bien buen buena buenas bueno buenos cabe cabo cada casi cerca
cierta ciertas cierto ciertos cinco circa comentó como con conmigo connosco conocer
conseguimos conseguir considera consideró consigo consigue consiguen consigues contigo
contra convosco convusco cosas creo cual cuales cualquier cuando cuanto cuatro cuenta cómo
da dado dan dar de debe deben debido decir dejante dejó del delas demás dentro desde después
dice dicen dicho dieron diferente diferentes dijeron dijo dio donde dos durante e ejemplo el
ella ellas ello ellos embargo empleais emplean emplear empleas empleo en encima encuentra
entonces entre era erais eramos eran erar eras eres es esa esas ese eso esos esta estaba
estabais estaban estabas estad estada estadas estado estados estais estamos estan estando
estar estaremos estará estarán estarás estaré estaréis estaría estaríais estaríamos estarían
estarías estas este estemos esto estos estoy estuve estuviera estuvierais estuvieran
estuvieras estuvieron estuviese estuvieseis estuviesen estuvieses estuvimos estuviste
estuvisteis estuviéramos estuviésemos estuvo está estábamos estáis están estás esté estéis
estén estés ex excepto existe existen explicó expresó fin fue fuera fuerais fueran fueras
fueron fuerza fuese fueseis fuesen fueses fui fuimos fuiste fuisteis fuéramos fuésemos gran
grandes gueno ha haber habida habidas habido habidos habiendo habremos habrá habrán habrás
habré habréis habría habríais habríamos habrían habrías habéis había habíais habíamos habían
habías hace haceis hacemos hacen hacer hacerlo haces hacia haciendo hago han has hasta hay
haya hayamos hayan hayas hayáis haz he hecho hemo hemos hicieron hizo hoy hube hubiera
hubierais hubieran hubieras hubieron hubiese hubieseis hubiesen hubieses hubimos hubiste
hubisteis hubiéramos hubiésemos hubo igual incluso indicó informó intenta intentais
intentamos intentan intentar intentas intento ir junto la lado largo las le les llegó lleva
llevar lo los luego lugar manera manifestó mayor me mediante mejor mencionó menos mi miar
mientras mio mis misma mismas mismo mismos modo modode momento mucha muchas mucho muchos muy
más mí mía mías mío míos na nada nadie ni ninguna ningunas ninguno ningunos ningún no nos
nosotras nosotros nuestra nuestras nuestro nuestros nueva nuevas nuevo nuevos nunca o ocho
os otra otras otro otros pa par para parece parte partir pasada pasado pero pesar poca pocas
poco pocos podeis podemos poder podria podriais podriamos podrian podrias podrá podrán
podría podrían poner por porque posible primer primera primero primeros principalmente pro
propia propias propio propios próximo próximos pudo pueda puede pueden puedo pues que quedó
queremos quien quienes quiere quién qué realizado realizar realizó respecto sabe sabeis
sabemos saben saber sabes salvo se sea seamos sean seas segunda segundo según seis sentid
sentida sentidas sentido sentidos sentir ser seremos será serán serás seré seréis sería
seríais seríamos serían serías seáis señaló si sido siempre siendo siente siete sigue
siguiente sin sino sintiendo so sobre sois sola solamente solas solo solos somos son soy su
sus suya suyas suyo suyos sí sólo tal también tampoco tan tanto te tendremos tendrá tendrán
tendrás tendré tendréis tendría tendríais tendríamos tendrían tendrías tened teneis tenemos
tener tenga tengamos tengan tengas tengo tengáis tenida tenidas tenido tenidos teniendo
tenéis tenía teníais teníamos tenían tenías tercera ti tiempo tiene tienen tienes toda todas
todavía todo todos total trabaja trabajais trabajamos trabajan trabajar trabajas trabajo
tras trata través tres tu tus tuve tuviera tuvierais tuvieran tuvieras tuvieron tuviese
tuvieseis tuviesen tuvieses tuvimos tuviste tuvisteis tuviéramos tuviésemos tuvo tuya tuyas
tuyo tuyos tú ultimar ultimo un una unas uno unos usa usais usamos usan usar usas uso usted
va vais valor vamos van varias varios vaya veces ver verdad verdadera verdadero versus vez
vosostras vosostros vosotras vosotros voy vuestra vuestras vuestro vuestros vusco vía y ya
yo áestarían él éramos ésta éstas éste éstos última últimas último últimos
""".split()
    ),
    "de": frozenset(
        """
aber alle allem allen aller alles als also am an ander andere anderem anderen anderer
anderes anderm andern anders auch auf aus bei bin bis bist da dadurch daher damit dann darum
das dass dasselbe dazu daß dein deine deinem deinen deiner deines dem demselben den denn
denselben der derer derselbe derselben des deshalb desselben dessen dich die dies diese
dieselbe dieselben diesem diesen dieser dieses dir doch dort du durch ein eine einem einen
einer eines einig einige einigem einigen einiger einiges einmal er es etwas euch euer eure
eurem euren eurer eures für gegen gewesen hab habe haben hat hatte hatten hattest hattet
hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer ihres im in indem ins ist ja
jede jedem jeden jeder jedes jene jenem jenen jener jenes jetzt kann kannst kein keine
keinem keinen keiner keines können könnt könnte machen man manche manchem manchen mancher
manches mein meine meinem meinen meiner meines mich mir mit muss musst musste muß mußt
müssen müßt nach nachdem nein nicht nichts noch nun nur ob oder ohne sehr seid sein seine
seinem seinen seiner seines selbst sich sie sind so solche solchem solchen solcher solches
soll sollen sollst sollt sollte sondern sonst soweit sowie um und uns unser unsere unserem
unseren unserer unseres unter viel vom von vor wann war waren warst warum was weg weil
weiter weitere welche welchem welchen welcher welches wenn wer werde werden werdet weshalb
wie wieder wieso will wir wird wirst wo woher wohin wollen wollte während würde würden zu
zum zur zwar zwischen über
""".split()
    ),
    "fr": frozenset(
        """
a ai aie aient aies ait alors amp après as attendu au aucun aucuns auec aura aurai auraient
aurais aurait auras aurez auriez aurions aurons auront aussi autre autres aux avaient avais
avait avant avec avez aviez avions avoir avons ayant ayante ayantes ayants ayez ayons bien
bon c ca car ce ceci cela celà ces cet cette ceux chaque chez chose choses ci circa comme
comment concernant contre d dans de dedans dehors dello depuis derrière des dessous dessus
deux devant devers devoir devrait devrez devriez devrions devrons devront dire dixit dois
doit donc dont dos droite du durant dès début dù elle elles emmi en encore endéans entenant
entre envers environ es essai est estre et eu eue eues eurent eus eusse eussent eusses
eussiez eussions eut eux excepté eûmes eût eûtes faire fais faisez fait faites faut fois
font force fors furent fus fusse fussent fusses fussiez fussions fut fûmes fût fûtes grande
haut hormis hors ici ie il ils im j je joignant jouxte jusque juste l la le les leur leurs
lez lors lui luy là lès m ma maintenant mais malgré me mes mesme mine moi moins mon mot
moyennant même n ne ni nom nommé nommée nommés nonobstant nos notre nous nouveau nouveaux on
ont or ou outre où par parce parmi parole pas passé pendant personne personnes peu peut
pièce plein plupart plus plusieurs point pour pourquoi pourquoy puis qu quand que quel
quelle quelles quels qui quoy rez s sa sans sauf se selon sera serai seraient serais serait
seras serez seriez serions serons seront ses seulement si sien soi soient sois soit sommes
son sont sous soyez soyons sub suis suivant sujet sur t ta tandis te tellement tels tes toi
ton touchant tous tout toutes trop très tu un une valeur vers versus via vn vne voici voie
voient voilà vois voit vont vos votre vous vs vu y à ça ès étaient étais était étant étante
étantes étants état étiez étions été étée étées étés êtes être êtreau
""".split()
    ),
    "pt": frozenset(
        """
a acerca afora agora algmas alguns ali ambos ante antes ao aos apontar após aquela aquelas
aquele aqueles aqui aquilo as atrás até bem bom cada caminho cara cima com como comprido
conhecido connosco consoante contra corrente da das de debaixo dela delas dele deles dentro
depois desde desligado deve devem deverá diante direita diz dizer do dois dos durante e ela
elas ele eles em enquanto entre então era eram escontra essa essas esse esses esta estado
estamos estar estará estas estava estavam este esteja estejam estejamos estes esteve estive
estivemos estiver estivera estiveram estiverem estivermos estivesse estivessem estivéramos
estivéssemos estou está estávamos estão eu excepto exceto fará faz fazer fazia fez fim foi
fomos for fora foram forem formos fosse fossem fui fôramos fôssemos haja hajam hajamos
havemos havia hei horas houve houvemos houver houvera houveram houverei houverem houveremos
houveria houveriam houvermos houverá houverão houveríamos houvesse houvessem houvéramos
houvéssemos há hão in iniciar inicio inté ir irá isso ista iste isto já lhe lhes ligado
maioria maiorias mais malgrado mas me mediante menos mesmo meu meus minha minhas muito
muitos na nas nem no nome nos nossa nossas nosso nossos novo num numa não nós o onde os ou
outro para parte pegar pela pelas pelo pelos per pera perante pode poderá podia por porque
povo pra promeiro prà qtínhamos qual qualquer quando que quem quieto quê saber salvante
salvo se segundo seja sejam sejamos sem senão ser serei seremos seria seriam será serão
seríamos seu seus sob sobre somente somos sou sua suas suso são só tal também te tem temos
tempo tenha tenham tenhamos tenho tentar tentaram tente tentei ter terei teremos teria
teriam terá terão teríamos teu teus teve tinha tinham tipo tirante tive tivemos tiver tivera
tiveram tiverem tivermos tivesse tivessem tivéramos tivéssemos todos trabalhar trabalho trás
tu tua tuas tém têm tínhamos um uma umas uns usa usar valor veja ver verdade verdadeiro
viaúltimo você vocês vos à às é éramos último
""".split()
    ),
    "it": frozenset(
        """
a abbia abbiamo abbiano abbiate accanto ad adesso agl agli ai al alcun alcuno all alla alle
allo allora altra altre altri altro anche ancora appo assai avemmo avendo avere avesse
avessero avessi avessimo aveste avesti avete aveva avevamo avevano avevate avevi avevo avrai
avranno avrebbe avrebbero avrei avremmo avremo avreste avresti avrete avrà avrò avuta avute
avuti avuto avverso ben bene buono c che chi ci cinque cio cogli coi col colla colle collo
come comprare con consecutivi consecutivo contro cosa cosi cui da dagl dagli dai dal dall
dalla dalle dallo de degl degli dei del dell della delle dello dentro deve devo di dopo
doppio dov dove due duo durante e ebbe ebbero ebbi eccetto ecco ed egli entro era erano
eravamo eravate eri ero essendo essere et faccia facciamo facciano facciate faccio facemmo
facendo facesse facessero facessi facessimo faceste facesti faceva facevamo facevano
facevate facevi facevo fai fanno farai faranno fare farebbe farebbero farei faremmo faremo
fareste faresti farete farà farò fece fecero feci fine fino fosse fossero fossi fossimo
foste fosti fra fu fui fummo fuori furono gente gia giu giù gli gran grande ha hai hanno ho
i il in indi indietro infra invece io l la lavoro le lei li lo loro lui lungo ma maggior
maggiore mai malgrado me meco meglio mi mia mie miei mio molta molti molto ne negl negli nei
nel nell nella nelle nello no noi nome non nonostante nostra nostre nostri nostro nove nuovi
nuovo o ogni oh oltre ora otto oue ove peggio pegli pei pel pella pello per perche perché
pero persone però piu più pochi poco poi primo promesso puo pur qua qual qualche qualcun
qualcuno quale qualmente quanta quante quanti quanto quarto quasi quattro quella quelle
quelli quello questa queste questi questo qui quindi quinto rispetto salvo sara sarai
saranno sarebbe sarebbero sarei saremmo saremo sareste saresti sarete sarà sarò se seco
secondo sei sembra sembrava sempre senza sette si sia siamo siano siate siete solo sono
sopra soprattutto sotto sta stai stando stanno starai staranno stare starebbe starebbero
starei staremmo staremo stareste staresti starete starà starò stati stato stava stavamo
stavano stavate stavi stavo stemmo stesse stessero stessi stessimo stesso steste stesti
stette stettero stetti stia stiamo stiano stiate sto su sua subito sue sugl sugli sui sul
sull sulla sulle sullo suo suoi sù tal tanta tante tanti tanto te teco terzo ti tra tramite
tranne tre triplo tu tua tue tuo tuoi tutta tutte tutti tutto ultimo un una uno va vai verso
vi vn vna vno voi volte vostra vostre vostri vostro è
""".split()
    ),
}

#: Months and days, also shortened, in lower case.
CALENDAR: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        """
apr april aug august dec december feb february fri friday jan january jul july jun june mar
march may mon monday nov november oct october sat saturday sep september sun sunday thu
thursday tue tuesday wed wednesday
""".split()
    ),
    "es": frozenset(
        """
abr abril ago agosto dic diciembre dom domingo ene enero feb febrero jue jueves jul julio
jun junio lun lunes mar martes marzo may mayo mié miércoles nov noviembre oct octubre sept
septiembre sáb sábado vie viernes
""".split()
    ),
    "de": frozenset(
        """
apr april aug august dez dezember di dienstag do donnerstag feb februar fr freitag jan
januar juli juni mai mi mittwoch mo montag märz nov november okt oktober sa samstag sept
september so sonntag
""".split()
    ),
    "fr": frozenset(
        """
août avr avril dim dimanche déc décembre févr février janv janvier jeu jeudi juil juillet
juin lun lundi mai mar mardi mars mer mercredi nov novembre oct octobre sam samedi sept
septembre ven vendredi
""".split()
    ),
    "pt": frozenset(
        """
abr abril ago agosto dez dezembro dom domingo fev fevereiro jan janeiro jul julho jun junho
mai maio mar março nov novembro out outubro qua quarta-feira qui quinta-feira seg segunda-
feira set setembro sex sexta-feira sáb sábado ter terça-feira
""".split()
    ),
    "it": frozenset(
        """
ago agosto apr aprile dic dicembre dom domenica feb febbraio gen gennaio gio giovedì giu
giugno lug luglio lun lunedì mag maggio mar martedì marzo mer mercoledì nov novembre ott
ottobre sab sabato set settembre ven venerdì
""".split()
    ),
}

#: Without the full stop that may follow.
SHORT_MONTHS: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        """
Apr Aug Dec Feb Jan Jul Jun Mar Nov Oct Sep
""".split()
    ),
    "es": frozenset(
        """
abr ago dic ene feb jul jun mar may nov oct sept
""".split()
    ),
    "de": frozenset(
        """
Apr Aug Dez Feb Jan Nov Okt Sept
""".split()
    ),
    "fr": frozenset(
        """
avr déc févr janv juil nov oct sept
""".split()
    ),
    "pt": frozenset(
        """
abr ago dez fev jan jul jun mai mar nov out set
""".split()
    ),
    "it": frozenset(
        """
ago apr dic feb gen giu lug mag mar nov ott set
""".split()
    ),
}

#: From January on; then the same shortened.
MONTHS: Mapping[str, tuple[str, ...]] = {
    "en": tuple(
        """
january february march april may june july august september october november december jan
feb mar apr may jun jul aug sep oct nov dec
""".split()
    ),
    "es": tuple(
        """
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre ene
feb mar abr may jun jul ago sept oct nov dic
""".split()
    ),
    "de": tuple(
        """
januar februar märz april mai juni juli august september oktober november dezember jan feb
märz apr mai juni juli aug sept okt nov dez
""".split()
    ),
    "fr": tuple(
        """
janvier février mars avril mai juin juillet août septembre octobre novembre décembre janv
févr mars avr mai juin juil août sept oct nov déc
""".split()
    ),
    "pt": tuple(
        """
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro jan
fev mar abr mai jun jul ago set out nov dez
""".split()
    ),
    "it": tuple(
        """
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre
dicembre gen feb mar apr mag giu lug ago set ott nov dic
""".split()
    ),
}

#: From Monday on.
WEEKDAYS: Mapping[str, tuple[str, ...]] = {
    "en": tuple(
        """
monday tuesday wednesday thursday friday saturday sunday
""".split()
    ),
    "es": tuple(
        """
lunes martes miércoles jueves viernes sábado domingo
""".split()
    ),
    "de": tuple(
        """
montag dienstag mittwoch donnerstag freitag samstag sonntag
""".split()
    ),
    "fr": tuple(
        """
lundi mardi mercredi jeudi vendredi samedi dimanche
""".split()
    ),
    "pt": tuple(
        """
segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo
""".split()
    ),
    "it": tuple(
        """
lunedì martedì mercoledì giovedì venerdì sabato domenica
""".split()
    ),
}

#: Without the last full stop.
ABBREVIATIONS: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        """
A.D A.M A.S Abs Adj Adv Approx Aug B.V C.F C.O.D Cap Capt Col Conn D.A D.C Dec Def Dept Diff
E.G E.g Ed Est Etc Ex Exec Feb Fn Fri Hon.B.A I.D I.T I.e J.B J.D J.K Jan Jun K.R L.A L.P
Lev Lib Lt Lt.Cdr M.I.T M.R M.T Maj Mar Md Mgr Misc Mt N.V N.Y Nov Nr Num Op Org P.M P.O P.V
Ph.D Phys Prof Pvt R.L R.T Rep Rev S.A S.A.R S.E S.p.A Sep Sept Sgt Sq U.S U.S.A U.S.C Var
Yr a.m exec pp vs
""".split()
    ),
    "es": frozenset(
        """
A.C Av Avda C.P C.S C.V CA Col Corp Cía Desv Dr Dra Drs Dto Dª Dña Emm Exc Excma Excmas
Excmo Excmos Exma Exmas Exmo Exmos FF.CC Fabric Fr H.P Ilma Ilmas Ilmo Ilmos Inc JJ.OO Korn
Lcda Lcdo Lda Ldo Lic Ltd Ltda Ltdo MM Mons Mr Mrs O.M R.D R.U RR.HH Rdo Rdos Reg Rev Rvdmo
Rvdmos Rvdo Rvdos SS.AA SS.MM Sdad Sr Sra Sras Sres Srta Srtas Sta Sto Trab U.S U.S.A Var
Vda abr afma afmas afmo afmos ago bco bol c/c cap cf cfr depto deptos dic doc dom dpto dptos
dtor e.g ed ej ene feb fig figs fund hnos jue jul jun licda licdo lun mié ms mss mtro nov
ntra ntro oct p.ej prof prov sept sras sres srs ss sáb trad v.gr vid vie vs
""".split()
    ),
    "de": frozenset(
        """
A.M Abs Abt Abw Adj Adr Akt Allg App Apr Art Aug Ausg Ausschl Ber Bibl Ca Chr Co Dat Dez Di
Dim Dipl.-Ing Dipl.-Kfm Dr Dtzd Einh Erf Evtl F.f Fa Fam Feb Fn Folg Fr Frl Gebr Gem
Geograph Ges Gesch Ggf Hbf Hptst Hr Hrn Hrsg Inc Ing Inh J.D Jahrh Jan Jr Kap Kfm Kl Konv
Kop Ltd Mind Mio Mrd Msp Nov Nr Obj Okt Op P.M Pfd Phys Prot Proz Qu Rd Reg Reg.-Bez Rep S.A
Sa Schr Sek Sep Sept Spezif St StR Std Str Tel Temp Tägl U.S U.S.A U.U Urspr Ursprüngl Verf
Vgl Wg Zt Ztr a.D a.M a.Rh a.a.O a.a.S amtl beil d.J d.Ä e.V e.Wz e.h ehem eigtl einschl
entspr erw ev evtl exkl frz geb gedr gek gesch gest ggf ggfs hpts i.A i.B i.H i.J i.R i.V
inkl jew jhrl k.u.k kath kfm kgl led m.E m.W mtl möbl n.u.Z näml o.A o.B o.g od p.Adr röm
röm.-kath s.a schles schweiz schwäb sog südd tägl u.A.w.g u.U u.a u.v.a u.Ä u.ä v.Chr v.H
v.R.w v.T v.u.Z verh verw vgl z.B z.Hd z.Z zzgl österr
""".split()
    ),
    "fr": frozenset(
        """
Inc J.-C Jr MM Op P.O Prof S.A S.M.A.R.T U.S U.S.A Var acoust adr anc ann anon append avr
broch bull cam categ coll collab config dest dict dim dir doc déc encycl exempl fig févr
gouv graph hôp ill illustr imm imprim indus janv jeu juil lun niv nov oct publ quart réf
sept symb synth syst éd édit équiv éval
""".split()
    ),
    "pt": frozenset(
        """
A.C A.M Alm Av D.C Dir Dr Dra Dras Drs Est Exma Exmo Fr Ilma Ilmo Jr Ltd Ltda Mar N.Sra N.T
P.M Pe Ph.D S.A Sta Sto V.T W.C a.C a.m abr abrev adm aer ago agric anat ap apart apt arit
arqueol arquit astron autom aux biogr bras cap caps cat cel cf comp compl cont contab créd
cx círc cód d.C des desc dez dipl dir div doc déb ed educ elem eletr eletrôn eng ex fac fasc
fem fev ff fig fil filos fisiol fl fot fr fís geom gram gên hist ind ingl jan jul jun jur
lat lin lit liter mai mat matem mov máq méd mús neol nov náut obs odont odontol org organiz
out p.m pal pol port pp pq prod prof profa pron próx psicol pág quím r.s.v.p ref rel relat
rep res rod set sociol sup séc símb tec tecnol tel trad transp univ vol vs álg índ
""".split()
    ),
    "it": frozenset(
        """
C.P Cfr Geom Ing Ltd N.B N.d.A N.d.E N.d.T O.d.G S.A.R S.M.A.R.T S.p.A Sig U.S U.S.A a.C ag
arch avv c.c.p d.C d.p.R div dott dr fig int mitt on p.i pag rag sez tab tav vol
""".split()
    ),
    "ru": frozenset(
        """
авг апр дек кв н.э нояб окт отд проф руб сент тел тыс ул февр янв
""".split()
    ),
}
