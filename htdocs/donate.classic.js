// Joined from donate/*.js, which say what this is and why.
(() => {
'use strict';
const PARTS = {
'after': () => {
const WAITS = [0, 1, 2, 3, 5, 8, 13, 21, 34, 33];
const ENDS = {
COMPLETED: ['thanks', 'thanksText', 'more'],
FAILED: ['failed', 'failedText', 'again'],
EXPIRED: ['failed', 'failedText', 'again'],
REFUNDED: ['refunded', 'refundedText', 'more'],
};
const sleep = (seconds) =>
new Promise((done) => { setTimeout(done, seconds * 1000); });
async function watch(client, id, tell, wanted) {
let least = 0;
for (const wait of WAITS) {
await sleep(Math.max(wait, least));
if (!wanted())
return;
try {
const answer = await client.status(id);
least = 0;
if (wanted())
tell(answer);
if (answer.status in ENDS)
return;
} catch (error) {
if (error.definite)
throw error;
least = Math.min(error.retryAfter || 0, 60);
}
}
}
function outcome(status, { words, ...about }) {
const [title, text, act] = ENDS[status?.status] ?? [];
if (!title)
return panel(words.pending, [words.pendingText],
button(words.askAgain, about.wait, 'plain'));
const { tokensDistributed: n, nonprofit } = status;
const said = fill(words[text], {
amount: new Money(status.currency, about.lang)
.show(status.amount),
name: nonprofit?.name ?? about.name });
const thanks = title === 'thanks';
const node = panel(words[title], [said, ...(thanks && n > 0 ?
[fill(words.tokens, { n: n.toLocaleString(about.lang) })] : [])],
thanks && h('slot', { name: 'thanks' }),
button(words[act], about.reset, thanks ? 'plain' : 'main'));
node.prepend(h('span', { class: `sign ${title}`,
'aria-hidden': 'true' }, thanks ? '\u2713' : '!'));
return node;
}
async function follow(id, client, widget) {
let last = null;
await watch(client, id, (answer) => {
if (answer.status !== last?.status)
widget.emit('status', answer);
last = answer;
}, widget.wanted);
if (!widget.wanted())
return;
if (last?.status in ENDS) {
const { status, tokensDistributed } = last;
widget.done();
widget.emit('complete', { partnerDonationId: id, status,
tokensDistributed });
}
const node = outcome(last, widget);
widget.show(node);
widget.say(node.querySelector('h2').textContent);
}
const sheet = `
.sign {
display: grid; place-content: center; inline-size: 2em;
block-size: 2em; border-radius: 50%; font-size: 1.5em; font-weight: 700;
background: var(--soft); color: var(--accent);
}
.sign.failed { color: var(--bad) }
`;
return { follow,sheet };
},
'appeal': () => {
function progress(appeal, words, lang) {
const { title, goal, raised, donors: n } = appeal;
const money = new Money(appeal.currency, lang);
const text = fill(goal > 0 ? words.raised : words.raisedOnly,
{ raised: money.show(raised), goal: money.show(goal) });
return h('div', { class: 'appeal', part: 'progress' },
h('b', {}, title),
goal > 0 && h('progress', { max: goal, 'aria-label': title,
value: Math.min(raised, goal) }),
h('p', { class: 'small' },
`${text} \u00b7 ${fill(words.donors, { n })}`));
}
function terms(perk, words, money) {
return [money && perk.minAmount > 0 && fill(words.from,
{ amount: money.show(perk.minAmount) }),
perk.remaining === 0 ? words.soldOut : perk.remaining !== null &&
fill(words.left, { n: perk.remaining })]
.filter(Boolean).join(' \u00b7 ');
}
function perks(form) {
const { words, options: { appeal, money } } = form;
if (appeal.perks.length === 0)
return null;
const answer = form.text('answer', '', { maxlength: 200 });
form.ask = (question) => {
answer.hidden = !question;
answer.querySelector('span').textContent = question ?? '';
};
return h('div', { class: 'stack' }, form.group('perk', words.perks,
'column', form.radio('perk', 0, words.noPerk),
...appeal.perks.map((perk) => form.radio('perk', perk.id,
h('span', {}, h('b', {}, perk.title),
perk.description && h('small', {}, perk.description),
h('small', {}, terms(perk, words,
appeal.currency === money.currency && money))),
perk.remaining === 0))), answer);
}
const sheet = `
.appeal { display: grid; gap: .4em }
progress {
appearance: none; inline-size: 100%; block-size: .625em; border: 0;
border-radius: 1em; overflow: hidden; background: var(--edge);
color: var(--accent);
}
progress::-webkit-progress-bar { background: var(--edge) }
progress::-webkit-progress-value {
background: var(--accent); border-radius: 1em;
}
progress::-moz-progress-bar { background: var(--accent); border-radius: 1em }
.column { display: grid; gap: .5em }
.column .pick > span {
place-content: center start; text-align: start; font-weight: 400;
}
.column .pick > span > span { display: grid; gap: .1em }
.column b { font-weight: 600 }
.pick input:disabled { cursor: not-allowed }
.pick input:disabled + span {
border-style: dashed; border-color: var(--line); color: var(--muted);
}
@media (forced-colors: active) {
progress { border: 1px solid CanvasText }
progress::-webkit-progress-value { forced-color-adjust: none;
background: Highlight }
}
`;
return { progress,perks,sheet };
},
'words.ar': () => {
const all = {
title: 'تبرّع إلى {name}',
often: 'عدد المرات',
once: 'مرة واحدة', weekly: 'أسبوعيًا', monthly: 'شهريًا',
yearly: 'سنويًا',
amount: 'المبلغ',
other: 'مبلغ آخر',
own: 'المبلغ الذي تختاره ({currency})',
raised: 'جُمع {raised} من {goal}',
raisedOnly: 'جُمع {raised}',
donors: 'عدد المتبرعين: {n}',
perks: 'اختر هدية شكر',
noPerk: 'لا شيء، شكرًا',
from: 'ابتداءً من {amount}',
left: 'المتبقي: {n}',
soldOut: 'نفدت الكمية',
perkRaised: 'أصبح المبلغ {amount}، وهو الحد الأدنى لهذه الهدية.',
tip: 'إكرامية لدعم استمرار هذه الخدمة',
noTip: 'بدون إكرامية',
cover: 'أضف {amount} لتغطية الرسوم',
firstName: 'الاسم الأول', lastName: 'اسم العائلة',
email: 'البريد الإلكتروني',
optional: '{label} (اختياري)',
anonymous: 'لا تُظهر اسمي',
subscribe: 'أرسلوا إليّ الأخبار بالبريد الإلكتروني',
sum: '{often}: {amount}',
sumTip: 'إكرامية {amount}', sumFees: 'رسوم {amount}',
total: 'المجموع {amount}',
donate: 'تبرّع', donateSum: 'تبرّع بمبلغ {amount}',
donateTo: 'تبرّع بمبلغ {amount} إلى {name}',
safe: 'تدفع على صفحة آمنة، ولا تُدخل هنا أي بيانات عن بطاقتك.',
close: 'إغلاق',
loading: 'جارٍ التحميل …',
leaving: 'جارٍ فتح صفحة الدفع …',
again: 'حاول مرة أخرى',
more: 'تبرّع مرة أخرى',
byLink: 'تبرّع على صفحتنا',
asking: 'لحظة من فضلك',
askingText: 'نتحقق من وصول دفعتك.',
thanks: 'شكرًا لك!',
thanksText: 'وصل تبرّعك بمبلغ {amount} إلى {name}.',
tokens: 'الرموز التي حصلت عليها: {n}',
pending: 'لم يتم تأكيد دفعتك بعد',
pendingText: 'قد تستغرق بعض طرق الدفع ساعات أو أيامًا. يمكنك إغلاق ' +
'هذه الصفحة، وسيُحتسب تبرّعك فور وصول الدفعة.',
askAgain: 'تحقق مرة أخرى',
failed: 'لم تتم عملية الدفع',
failedText: 'يمكنك المحاولة مرة أخرى أو الدفع بطريقة أخرى.',
refunded: 'تمت إعادة هذا التبرّع',
refundedText: 'أُعيد مبلغ {amount} المخصص إلى {name}.',
needAmount: 'يُرجى اختيار مبلغ، مثل {amount}.',
tooLow: 'يُرجى التبرّع بمبلغ {amount} أو أكثر.',
tooHigh: 'يُرجى التبرّع بمبلغ {amount} أو أقل.',
perkLow: 'هذه الهدية للتبرّعات ابتداءً من {amount}.',
needAnswer: 'يُرجى الإجابة عن هذا السؤال.',
badEmail: 'يُرجى كتابة عنوان مثل name@example.org.',
badField: 'يُرجى التحقق من هذا الحقل.',
check: 'يُرجى التحقق من الحقول المعلَّمة.',
unreachable: 'يتعذّر الوصول إلينا الآن. يُرجى المحاولة بعد قليل.',
busy: 'هناك عدد كبير من المتبرعين الآن. يُرجى الانتظار قليلًا ثم ' +
'المحاولة مرة أخرى.',
payment: 'خدمة الدفع لا تستجيب الآن. يُرجى المحاولة بعد قليل.',
perkGone: 'نفدت هذه الهدية للتو. يُرجى اختيار هدية أخرى.',
nobody: 'لا يمكن لهذه المنظمة استقبال التبرّعات في الوقت الحالي.',
setUp: 'هذا النموذج غير مُعدّ بشكل صحيح. يُرجى إبلاغ صاحب الصفحة.',
wrong: 'لم تنجح العملية. يُرجى المحاولة مرة أخرى.',
free: 'لم يُخصم أي مبلغ.',
};
return { default: all };
},
'words.de': () => {
const all = {
title: 'Für {name} spenden',
often: 'Wie oft',
once: 'Einmalig', weekly: 'Wöchentlich', monthly: 'Monatlich',
yearly: 'Jährlich',
amount: 'Betrag',
other: 'Anderer',
own: 'Ihr Betrag ({currency})',
raised: '{raised} von {goal} gesammelt',
raisedOnly: '{raised} gesammelt',
donors: 'Spenden: {n}',
perks: 'Wählen Sie ein Dankeschön',
noPerk: 'Nichts, danke',
from: 'ab {amount}',
left: 'Noch da: {n}',
soldOut: 'Vergriffen',
perkRaised: 'Der Betrag ist jetzt {amount}, das Mindeste für dieses ' +
'Dankeschön.',
tip: 'Trinkgeld für den Betrieb dieses Dienstes',
noTip: 'Kein Trinkgeld',
cover: '{amount} dazugeben, um die Gebühren zu decken',
firstName: 'Vorname', lastName: 'Nachname', email: 'E-Mail',
optional: '{label} (freiwillig)',
anonymous: 'Meinen Namen nicht zeigen',
subscribe: 'Neuigkeiten per E-Mail erhalten',
sum: '{often}: {amount}',
sumTip: 'Trinkgeld {amount}', sumFees: 'Gebühren {amount}',
total: 'Zusammen {amount}',
donate: 'Spenden', donateSum: '{amount} spenden',
donateTo: '{amount} für {name} spenden',
safe: 'Sie zahlen auf einer gesicherten Seite. Hier wird nichts über ' +
'Ihre Karte eingegeben.',
close: 'Schließen',
loading: 'Wird geladen …',
leaving: 'Die Zahlungsseite wird geöffnet …',
again: 'Noch einmal versuchen',
more: 'Noch einmal spenden',
byLink: 'Auf unserer eigenen Seite spenden',
asking: 'Einen Moment bitte',
askingText: 'Wir fragen nach, ob Ihre Zahlung eingegangen ist.',
thanks: 'Vielen Dank!',
thanksText: 'Ihre Spende von {amount} für {name} ist eingegangen.',
tokens: 'Dafür erhaltene Token: {n}',
pending: 'Ihre Zahlung ist noch nicht bestätigt',
pendingText: 'Manche Zahlungsarten brauchen Stunden oder Tage. Sie ' +
'können diese Seite schließen: Ihre Spende zählt, sobald die ' +
'Zahlung da ist.',
askAgain: 'Noch einmal nachsehen',
failed: 'Die Zahlung ist nicht zustande gekommen',
failedText: 'Versuchen Sie es noch einmal, oder zahlen Sie auf ' +
'andere Weise.',
refunded: 'Diese Spende wurde zurückgegeben',
refundedText: '{amount} für {name} wurden erstattet.',
needAmount: 'Bitte wählen Sie einen Betrag, zum Beispiel {amount}.',
tooLow: 'Bitte geben Sie mindestens {amount}.',
tooHigh: 'Bitte geben Sie höchstens {amount}.',
perkLow: 'Dieses Dankeschön gibt es für Spenden ab {amount}.',
needAnswer: 'Bitte beantworten Sie diese Frage.',
badEmail: 'Bitte schreiben Sie eine Adresse wie name@example.org.',
badField: 'Bitte prüfen Sie diese Angabe.',
check: 'Bitte prüfen Sie, was markiert ist.',
unreachable: 'Wir sind gerade nicht zu erreichen. Bitte versuchen ' +
'Sie es gleich noch einmal.',
busy: 'Gerade spenden sehr viele. Bitte warten Sie ein wenig und ' +
'versuchen Sie es dann noch einmal.',
payment: 'Der Zahlungsdienst antwortet gerade nicht. Bitte versuchen ' +
'Sie es gleich noch einmal.',
perkGone: 'Dieses Dankeschön ist soeben ausgegangen. Bitte wählen ' +
'Sie ein anderes.',
nobody: 'Diese Organisation kann zurzeit keine Spenden annehmen.',
setUp: 'Dieses Formular ist nicht richtig eingerichtet. Bitte sagen ' +
'Sie es dem Betreiber dieser Seite.',
wrong: 'Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.',
free: 'Es wurde nichts abgebucht.',
};
return { default: all };
},
'words.en': () => {
const all = {
title: 'Donate to {name}',
often: 'How often',
once: 'Once', weekly: 'Weekly', monthly: 'Monthly', yearly: 'Yearly',
amount: 'Amount',
other: 'Other',
own: 'Your amount ({currency})',
raised: '{raised} raised of {goal}',
raisedOnly: '{raised} raised',
donors: 'Donors: {n}',
perks: 'Choose a thank-you gift',
noPerk: 'Nothing, thank you',
from: 'from {amount}',
left: 'Left: {n}',
soldOut: 'Sold out',
perkRaised: 'The amount is now {amount}, the least for this gift.',
tip: 'Tip for keeping this service running',
noTip: 'No tip',
cover: 'Add {amount} to cover the fees',
firstName: 'First name', lastName: 'Last name', email: 'E-mail',
optional: '{label} (optional)',
anonymous: 'Do not show my name',
subscribe: 'Send me news by e-mail',
sum: '{often}: {amount}',
sumTip: 'tip {amount}', sumFees: 'fees {amount}',
total: 'Total {amount}',
donate: 'Donate', donateSum: 'Donate {amount}',
donateTo: 'Donate {amount} to {name}',
safe: 'You pay on a secure page. Nothing about your card is entered ' +
'here.',
close: 'Close',
loading: 'Loading …',
leaving: 'Opening the payment page …',
again: 'Try again',
more: 'Give again',
byLink: 'Donate on our own page',
asking: 'One moment, please',
askingText: 'We are asking whether your payment has arrived.',
thanks: 'Thank you!',
thanksText: 'Your donation of {amount} to {name} has arrived.',
tokens: 'Tokens that you have earned: {n}',
pending: 'Your payment is not confirmed yet',
pendingText: 'Some ways to pay take hours or days. You may close ' +
'this page: your donation counts as soon as the payment arrives.',
askAgain: 'Look again',
failed: 'The payment did not go through',
failedText: 'You can try again, or pay in another way.',
refunded: 'This donation was given back',
refundedText: '{amount} to {name} has been refunded.',
needAmount: 'Please choose an amount, such as {amount}.',
tooLow: 'Please give {amount} or more.',
tooHigh: 'Please give {amount} or less.',
perkLow: 'This gift is for donations from {amount}.',
needAnswer: 'Please answer this question.',
badEmail: 'Please write an address like name@example.org.',
badField: 'Please check this.',
check: 'Please check what is marked.',
unreachable: 'We cannot be reached right now. Please try again in a ' +
'moment.',
busy: 'There are many donors at this moment. Please wait a little, ' +
'then try again.',
payment: 'The payment service does not answer right now. Please try ' +
'again in a moment.',
perkGone: 'This gift has just sold out. Please choose another one.',
nobody: 'This organisation cannot take donations at the moment.',
setUp: 'This form is not set up correctly. Please tell the owner of ' +
'this page.',
wrong: 'That did not work. Please try again.',
free: 'Nothing was charged.',
};
return { default: all };
},
'words.es': () => {
const all = {
title: 'Donar a {name}',
often: 'Con qué frecuencia',
once: 'Una vez', weekly: 'Cada semana', monthly: 'Cada mes',
yearly: 'Cada año',
amount: 'Importe',
other: 'Otro',
own: 'Su importe ({currency})',
raised: '{raised} recaudados de {goal}',
raisedOnly: '{raised} recaudados',
donors: 'Donantes: {n}',
perks: 'Elija un obsequio de agradecimiento',
noPerk: 'Nada, gracias',
from: 'desde {amount}',
left: 'Quedan: {n}',
soldOut: 'Agotado',
perkRaised: 'El importe es ahora {amount}, lo mínimo para este ' +
'obsequio.',
tip: 'Propina para mantener este servicio',
noTip: 'Sin propina',
cover: 'Añadir {amount} para cubrir las comisiones',
firstName: 'Nombre', lastName: 'Apellidos', email: 'Correo electrónico',
optional: '{label} (opcional)',
anonymous: 'No mostrar mi nombre',
subscribe: 'Recibir noticias por correo electrónico',
sum: '{often}: {amount}',
sumTip: 'propina {amount}', sumFees: 'comisiones {amount}',
total: 'Total {amount}',
donate: 'Donar', donateSum: 'Donar {amount}',
donateTo: 'Donar {amount} a {name}',
safe: 'Usted paga en una página segura. Aquí no se introduce ningún ' +
'dato de su tarjeta.',
close: 'Cerrar',
loading: 'Cargando …',
leaving: 'Abriendo la página de pago …',
again: 'Intentar de nuevo',
more: 'Donar otra vez',
byLink: 'Donar en nuestra propia página',
asking: 'Un momento, por favor',
askingText: 'Estamos preguntando si su pago ha llegado.',
thanks: '¡Gracias!',
thanksText: 'Su donación de {amount} a {name} ha llegado.',
tokens: 'Tokens que ha ganado: {n}',
pending: 'Su pago aún no está confirmado',
pendingText: 'Algunas formas de pago tardan horas o días. Puede ' +
'cerrar esta página: su donación contará en cuanto llegue el pago.',
askAgain: 'Mirar de nuevo',
failed: 'El pago no se ha realizado',
failedText: 'Puede intentarlo de nuevo o pagar de otra forma.',
refunded: 'Esta donación fue devuelta',
refundedText: 'Se han reembolsado {amount} a {name}.',
needAmount: 'Elija un importe, por ejemplo {amount}.',
tooLow: 'Done {amount} o más.',
tooHigh: 'Done {amount} o menos.',
perkLow: 'Este obsequio es para donaciones desde {amount}.',
needAnswer: 'Responda a esta pregunta.',
badEmail: 'Escriba una dirección como nombre@example.org.',
badField: 'Revise este dato.',
check: 'Revise lo que está marcado.',
unreachable: 'No se nos puede contactar ahora. Inténtelo de nuevo en ' +
'un momento.',
busy: 'Hay muchos donantes en este momento. Espere un poco e ' +
'inténtelo de nuevo.',
payment: 'El servicio de pago no responde ahora. Inténtelo de nuevo ' +
'en un momento.',
perkGone: 'Este obsequio acaba de agotarse. Elija otro.',
nobody: 'Esta organización no puede recibir donaciones por ahora.',
setUp: 'Este formulario no está bien configurado. Avise al ' +
'responsable de esta página.',
wrong: 'No ha funcionado. Inténtelo de nuevo.',
free: 'No se ha cobrado nada.',
};
return { default: all };
},
'words.fr': () => {
const all = {
title: 'Faire un don à {name}',
often: 'À quel rythme',
once: 'Une fois', weekly: 'Par semaine', monthly: 'Par mois',
yearly: 'Par an',
amount: 'Montant',
other: 'Autre',
own: 'Votre montant ({currency})',
raised: '{raised} collectés sur {goal}',
raisedOnly: '{raised} collectés',
donors: 'Donateurs : {n}',
perks: 'Choisissez un remerciement',
noPerk: 'Rien, merci',
from: 'dès {amount}',
left: 'Il en reste : {n}',
soldOut: 'Épuisé',
perkRaised: 'Le montant est maintenant de {amount}, le minimum pour ' +
'ce remerciement.',
tip: 'Pourboire pour faire vivre ce service',
noTip: 'Pas de pourboire',
cover: 'Ajouter {amount} pour couvrir les frais',
firstName: 'Prénom', lastName: 'Nom', email: 'Courriel',
optional: '{label} (facultatif)',
anonymous: 'Ne pas afficher mon nom',
subscribe: 'Recevoir des nouvelles par courriel',
sum: '{often} : {amount}',
sumTip: 'pourboire {amount}', sumFees: 'frais {amount}',
total: 'Total {amount}',
donate: 'Donner', donateSum: 'Donner {amount}',
donateTo: 'Donner {amount} à {name}',
safe: 'Vous payez sur une page sécurisée. Rien de votre carte n’est ' +
'saisi ici.',
close: 'Fermer',
loading: 'Chargement …',
leaving: 'Ouverture de la page de paiement …',
again: 'Réessayer',
more: 'Donner encore',
byLink: 'Donner sur notre propre page',
asking: 'Un instant, s’il vous plaît',
askingText: 'Nous vérifions si votre paiement est arrivé.',
thanks: 'Merci !',
thanksText: 'Votre don de {amount} à {name} est bien arrivé.',
tokens: 'Jetons que vous avez gagnés : {n}',
pending: 'Votre paiement n’est pas encore confirmé',
pendingText: 'Certains moyens de paiement prennent des heures ou des ' +
'jours. Vous pouvez fermer cette page : votre don comptera dès ' +
'l’arrivée du paiement.',
askAgain: 'Vérifier encore',
failed: 'Le paiement n’a pas abouti',
failedText: 'Vous pouvez réessayer, ou payer autrement.',
refunded: 'Ce don a été remboursé',
refundedText: '{amount} à {name} ont été remboursés.',
needAmount: 'Veuillez choisir un montant, par exemple {amount}.',
tooLow: 'Veuillez donner au moins {amount}.',
tooHigh: 'Veuillez donner au plus {amount}.',
perkLow: 'Ce remerciement est pour les dons dès {amount}.',
needAnswer: 'Veuillez répondre à cette question.',
badEmail: 'Veuillez écrire une adresse comme nom@example.org.',
badField: 'Veuillez vérifier ceci.',
check: 'Veuillez vérifier ce qui est marqué.',
unreachable: 'Nous sommes injoignables pour le moment. Veuillez ' +
'réessayer dans un instant.',
busy: 'Il y a beaucoup de donateurs en ce moment. Veuillez attendre ' +
'un peu, puis réessayer.',
payment: 'Le service de paiement ne répond pas pour le moment. ' +
'Veuillez réessayer dans un instant.',
perkGone: 'Ce remerciement vient d’être épuisé. Veuillez en choisir ' +
'un autre.',
nobody: 'Cette organisation ne peut pas recevoir de dons pour le ' +
'moment.',
setUp: 'Ce formulaire est mal configuré. Veuillez prévenir le ' +
'responsable de cette page.',
wrong: 'Cela n’a pas marché. Veuillez réessayer.',
free: 'Rien n’a été débité.',
};
return { default: all };
},
};
function h(tag, attributes = {}, ...children) {
const node = document.createElement(tag);
for (const [name, value] of Object.entries(attributes)) {
if (typeof value === 'function')
node.addEventListener(name.slice(2), value);
else if (value !== false && value !== null &&
value !== undefined)
node.setAttribute(name, value === true ? '' : value);
}
for (const child of children)
if (child)
node.append(child);
return node;
}
function fill(text, values) {
return text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}
const panel = (title, texts, ...more) => h('div', { class: 'panel' },
h('h2', { tabindex: -1, part: 'title' }, title),
...texts.map((text) => h('p', {}, text)), ...more);
const alarm = (...children) => h('div', { role: 'alert',
class: 'error', part: 'error' }, ...children);
const button = (text, onclick, look = 'main') => h('button',
{ type: 'button', class: look, part: 'button', onclick }, text);
const DIGITS = Object.entries({
0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF ' +
'XPF',
3: 'BHD IQD JOD KWD LYD OMR TND',
4: 'CLF UYW',
});
const DIGITS_MAX = 12;
class Money {
constructor(currency, lang) {
this.currency = currency;
this.lang = lang;
this.digits = Number(DIGITS.find(([, codes]) =>
codes.includes(currency))?.[0] ?? 2);
this.unit = 10 ** this.digits;
this.group = new Intl.NumberFormat(lang).formatToParts(12345678)
.find(({ type }) => type === 'group')?.value;
}
#format(minor, style) {
const digits = minor % this.unit === 0 ? 0 : this.digits;
return new Intl.NumberFormat(this.lang, { ...style,
minimumFractionDigits: digits,
maximumFractionDigits: digits,
}).format(minor / this.unit);
}
show(minor) {
return this.#format(minor, { style: 'currency',
currency: this.currency });
}
write(minor) {
return this.#format(minor, { useGrouping: false });
}
read(text) {
const plain = text
.replace(/[\u0660-\u0669\u06f0-\u06f9]/g,
(digit) => String(digit.charCodeAt(0) & 15))
.replace(/[\s\p{Sc}'\u2019\u066c\u200e\u200f]/gu, '')
.replace(/\u066b/, '.');
const grouped = this.group === '.' || this.group === ',' ?
plain.split(this.group) : [plain];
const last = grouped[grouped.length - 1];
let whole = plain;
if (grouped.length > 1 && /^\d{1,3}$/.test(grouped[0]) &&
grouped.slice(1, -1).every((g) => /^\d{3}$/.test(g)) &&
/^\d{3}(\D\d+)?$/.test(last))
whole = grouped.join('');
const found = /^(\d+)(?:[.,](\d+))?$/.exec(whole);
if (!found || (found[2] ?? '').length > this.digits)
return null;
const digits = found[1] +
(found[2] ?? '').padEnd(this.digits, '0');
return digits.replace(/^0+/, '').length > DIGITS_MAX ? null :
Number(digits);
}
}
function share(minor, percent) {
return Math.round(minor * Math.round(percent * 100) / 10000);
}
const PATIENCE_MS = 20000;
const LASTS_MS = 1200000;
const sleep = (seconds) =>
new Promise((done) => { setTimeout(done, seconds * 1000); });
class Refusal extends Error {
constructor(code, more = {}) {
super(more.detail ?? code);
this.code = code;
this.status = more.status ?? 0;
this.errors = Array.isArray(more.errors) ? more.errors : [];
this.requestId = more.requestId;
this.retryAfter = more.retryAfter ?? 0;
}
static of(error) {
return error instanceof Refusal ? error :
new Refusal('SET_UP', { detail: String(error) });
}
get definite() {
return this.status >= 400 && this.status < 500 &&
![408, 409, 425, 429].includes(this.status);
}
}
function random() {
const bytes = crypto.getRandomValues(new Uint8Array(16));
return Array.from(bytes,
(byte) => byte.toString(16).padStart(2, '0')).join('');
}
const known = new Map();
class Client {
constructor(base, key) {
this.base = base;
this.key = key;
this.last = null;
}
async #call(target, init = {}) {
const control = new AbortController();
const timer = setTimeout(() => control.abort(), PATIENCE_MS);
let answer, text, body;
try {
answer = await fetch(this.base + target, {
...init, credentials: 'omit',
cache: 'no-store', signal: control.signal });
text = await answer.text();
} catch {
throw new Refusal('UNREACHABLE');
} finally {
clearTimeout(timer);
}
try {
body = Object(JSON.parse(text));
} catch {
body = {};
}
if (answer.ok && text.startsWith('{'))
return body;
throw new Refusal(typeof body.code === 'string' ? body.code :
'BAD_ANSWER', { ...body, status: answer.status, retryAfter:
Number(answer.headers.get('Retry-After')) });
}
#get(target) {
return this.#call(`${target}?key=${
encodeURIComponent(this.key)}`);
}
about(target) {
const name = `${this.base}${target} ${this.key}`;
if (!known.has(name))
known.set(name, this.#get(target));
known.get(name).catch(() => known.delete(name));
return known.get(name);
}
forget() {
known.clear();
}
status(id) {
return this.#get(`/donations/status/${encodeURIComponent(id)}`);
}
async link(gift) {
const body = JSON.stringify(gift);
if (this.last?.body !== body || Date.now() >= this.last.until)
this.last = { body, key: random(), until: Infinity };
const { last } = this;
for (let wait = 1; ; wait *= 2)
try {
const link = await this.#post(body, last.key);
last.until = Date.now() + LASTS_MS;
return link;
} catch (error) {
if (error.code === 'IN_PROGRESS' && wait < 8) {
await sleep(wait);
continue;
}
if (error.definite)
this.last = null;
throw error;
}
}
async give(gift) {
try {
return await this.link(gift);
} catch (error) {
const other = ({ pointer }) =>
!/^.(succ|canc).*Url/.test(pointer);
if (!error.errors?.length || error.errors.some(other))
throw error;
console.warn('donate-widget: this host is not on the' +
' partner\u2019s list: no way back');
return this.link({ ...gift, successUrl: undefined,
cancelUrl: undefined });
}
}
async #post(body, key) {
const link = await this.#call('/donations/create-link', {
method: 'POST', body, headers: {
'Content-Type': 'application/json',
'X-Partner-Key': this.key,
'Idempotency-Key': key } });
if (!/^https?:\/\//i.test(link.donationLink) ||
typeof link.partnerDonationId !== 'string')
throw new Refusal('BAD_ANSWER', { status: 502 });
return link;
}
}
const NAME = 'donate-widget';
const TAG = 'donate-widget';
const place = (element) =>
Array.from(document.querySelectorAll(TAG)).indexOf(element);
function write(value) {
try {
sessionStorage.setItem(NAME, JSON.stringify(value));
} catch {
}
}
function read() {
try {
return JSON.parse(sessionStorage.getItem(NAME)) ?? {};
} catch {
return {};
}
}
function leave(element, id) {
write({ id, at: place(element), page: location.pathname });
}
function forget() {
try {
sessionStorage.removeItem(NAME);
} catch {
}
}
function claim(element) {
const here = new URL(location.href);
const known = read();
const id = here.searchParams.get('donation') || known.id;
const same = known.id === id && known.page === location.pathname;
const at = same && known.at < document.querySelectorAll(TAG).length ?
known.at : 0;
const back = here.searchParams.has('donation') ||
Boolean(known.back);
if (!/^[\w-]{1,64}$/.test(id ?? '') || place(element) !== at ||
!back && !same)
return null;
if (here.searchParams.has('donation')) {
for (const name of ['donation', 'session_id'])
here.searchParams.delete(name);
history.replaceState(history.state, '', here);
write({ id, at, page: location.pathname, back: true });
}
return { id, back };
}
function here() {
const url = new URL(location.href);
url.searchParams.delete('donation');
return url.href;
}
const script = document.currentScript;
const HERE = script.src;
const part = async (name) =>
PARTS[name]();
const LANGUAGES = {
en: 'ltr', de: 'ltr', fr: 'ltr', es: 'ltr', ar: 'rtl',
};
const SENTENCES = {
UNREACHABLE: 'unreachable', UNAVAILABLE: 'unreachable',
SET_UP: 'setUp', PROVIDER_NOT_CONFIGURED: 'setUp',
APPEAL_NOT_FOUND: 'setUp', FUNDRAISER_NOT_FOUND: 'setUp',
401: 'setUp', 403: 'setUp', 429: 'busy', IN_PROGRESS: 'busy',
PROVIDER_UNAVAILABLE: 'payment', INVALID_REQUEST: 'check',
PERK_SOLD_OUT: 'perkGone', PERK_NOT_FOUND: 'perkGone',
NONPROFIT_NOT_FOUND: 'nobody', NONPROFIT_INACTIVE: 'nobody',
};
const sentence = ({ code, status }) =>
SENTENCES[code] ?? SENTENCES[status] ?? 'wrong';
const short = (tag) => String(tag).toLowerCase().split('-')[0];
const language = (...wanted) =>
wanted.find((tag) => short(tag) in LANGUAGES) ?? 'en';
const direction = (tag) => LANGUAGES[short(tag)];
const words = (tag) => part(`words.${short(tag)}`)
.catch(() => part('words.en')).then((file) => file.default);
const FREQUENCIES = ['once', 'weekly', 'monthly', 'yearly'];
const ATTRIBUTES = ['key', 'nonprofit', 'api', 'mode', 'amounts',
'amount', 'currency', 'frequency', 'frequencies', 'provider', 'tip',
'cover-fees', 'min', 'max', 'theme', 'return-url', 'appeal',
'fundraiser', 'ask', 'first-name', 'last-name', 'email', 'reference',
'referral', 'anonymous', 'label', 'campaign', 'lang'];
const list = (text) => text.split(/[\s,]+/).filter(Boolean);
function readOptions(element, config, organization, appeal, lang) {
const get = (name) => element.getAttribute(name);
const currency = (get('currency') || appeal?.currency ||
config.currencies?.[0] || 'USD').toUpperCase();
const money = new Money(currency, lang);
const plain = new Money(currency, 'en');
const read = (text) => text ? plain.read(text) || null : null;
const wanted = list(get('amounts') ?? '').map(read).filter(Boolean);
const amounts = wanted.length > 0 ? wanted :
config.suggestedAmounts ?? [];
const offered = list(get('frequencies') ?? 'once,monthly')
.filter((word) => FREQUENCIES.includes(word));
const frequency = FREQUENCIES.find((word) =>
word === get('frequency')) ?? offered[0] ?? 'once';
const frequencies = [...new Set([...offered, frequency])];
const covers = get('cover-fees');
return {
money, amounts, frequencies, frequency,
amount: read(get('amount')) ?? amounts[1] ?? amounts[0] ?? null,
min: read(get('min')) ?? 1,
max: read(get('max')) ?? Infinity,
...readTips(get('tip'), config.tipConfig),
cover: covers === null ? 0 : Number(covers) || 3,
ask: list(get('ask') ?? 'name email'),
nonprofit: get('nonprofit') ?? '',
name: organization.name ?? get('nonprofit'),
appeal,
};
}
function readTips(text, config) {
if (text !== null) {
const tips = list(text).map(Number)
.filter((tip) => tip >= 0 && tip <= 100);
return { tips, tip: tips[0] ?? 0 };
}
if (!config?.enabled)
return { tips: [], tip: 0 };
const proposed = config.defaultPercent;
const tips = [...new Set([0, 5, 10, 15, proposed])];
return { tips: tips.sort((a, b) => a - b), tip: proposed };
}
async function load(element, client, lang) {
const path = (name) => encodeURIComponent(element.getAttribute(name));
for (const name of ['key', 'nonprofit'])
if (!element.getAttribute(name))
throw new Error(`the attribute ${name} is missing`);
const of = element.getAttribute('appeal');
const [config, organization, appeal, more] = await Promise.all([
client.about('/config'),
client.about(`/organizations/${path('nonprofit')}`),
of && client.about(`/appeals/${path('appeal')}`),
of && part('appeal')]);
return { ...readOptions(element, config, organization, appeal, lang),
more };
}
function readGift(element, options, given, here) {
const get = (name) => element.getAttribute(name) || undefined;
const number = (name) => get(name) && Number(get(name));
const campaign = get('campaign');
return {
nonprofitSlug: options.nonprofit,
amount: given.amount,
currency: options.money.currency,
frequency: given.frequency,
provider: get('provider') ?? 'stripe',
tipAmount: given.extra || undefined,
donorEmail: given.email || get('email'),
firstName: given.firstName || get('first-name'),
lastName: given.lastName || get('last-name'),
visibility: given.anonymous ? 'anonymous' : 'visible',
subscribe: given.subscribe || undefined,
partnerUserId: get('reference'),
referralCode: get('referral'),
appealId: number('appeal'),
fundraiserId: number('fundraiser'),
perk: given.perk,
metadata: campaign && { campaign },
successUrl: new URL(get('return-url') ?? here, here).href,
cancelUrl: here,
};
}
function reflect(prototype) {
for (const name of ATTRIBUTES) {
const property = name.replace(/-(.)/g,
(all, letter) => letter.toUpperCase());
if (!(property in prototype))
Object.defineProperty(prototype, property, {
get() {
return this.getAttribute(name);
},
set(value) {
this.toggleAttribute(name,
value !== null);
if (value !== null)
this.setAttribute(name, value);
},
});
}
}
const dark = `
--fg: var(--donate-fg, #e9edf2);
--bg: var(--donate-bg, #161b21);
--accent: var(--donate-accent, #74d3bf);
--on: var(--donate-on-accent, #06231e);
--soft: color-mix(in srgb, var(--accent) 16%, var(--bg));
--muted: #aeb8c4; --line: #7d8896; --edge: #313a44; --bad: #ffb4ab;
color-scheme: dark;`;
const sheet = `
:host {
--fg: var(--donate-fg, #1b2430);
--bg: var(--donate-bg, #fff);
--accent: var(--donate-accent, #0b6b5a);
--on: var(--donate-on-accent, #fff);
--soft: color-mix(in srgb, var(--accent) 9%, var(--bg));
--muted: #55606e; --line: #86909d; --edge: #dce1e7; --bad: #b3261e;
--r: var(--donate-radius, .625em);
--gap: var(--donate-gap, 1.25em);
color-scheme: light;
display: block;
font-family: var(--donate-font, inherit);
line-height: 1.45;
max-inline-size: 30em;
}
@media (prefers-color-scheme: dark) {
:host(:not([theme=light])) {${dark}}
}
:host([theme=dark]) {${dark}}
:host([hidden]), [hidden] { display: none !important }
:host([mode=button]), :host([mode=modal]) {
display: inline-block; max-inline-size: 100%;
}
* { box-sizing: border-box }
.card {
background: var(--bg); color: var(--fg);
border: 1px solid var(--edge); border-radius: calc(var(--r) * 1.6);
padding: clamp(1em, 5vw, 1.75em);
overflow-wrap: anywhere;
}
:host([mode=button]) .card:not(:has(.panel)) {
border: 0; padding: 0; background: none; color: inherit;
}
form, .body, .stack { display: grid; gap: var(--gap) }
.stack { gap: .75em }
.stack:empty { display: none }
h2, p, fieldset, legend { margin: 0; padding: 0; border: 0 }
fieldset { min-inline-size: 0 }
h2 { font-size: 1.35em; line-height: 1.25; font-weight: 650; outline: 0 }
legend, .field > span {
display: block; margin-block-end: .4em; font-weight: 600;
font-size: .9375em;
}
.small, small { font-size: .875em; color: var(--muted) }
.status:empty, .error:empty { display: none }
.status { margin-block-start: .75em; color: var(--muted); font-size: .9375em }
.row { display: flex; flex-wrap: wrap; gap: .5em }
.row > * { flex: 1 1 auto }
.grid {
display: grid; gap: .5em;
grid-template-columns: repeat(auto-fit, minmax(7em, 1fr));
}
.pick { position: relative; display: grid }
.pick input {
position: absolute; inset: 0; inline-size: 100%; block-size: 100%;
margin: 0; opacity: 0; cursor: pointer;
}
.pick > span {
display: grid; place-content: center; text-align: center;
min-block-size: 2.75em; padding: .4em .75em;
border: 1px solid var(--line); border-radius: var(--r);
font-weight: 550;
transition: background-color .15s;
}
.pick:hover > span { border-color: var(--accent) }
.pick input:checked + span {
background: var(--soft); border-color: var(--accent);
box-shadow: inset 0 0 0 1px var(--accent);
}
.check { display: flex; gap: .6em; align-items: center; min-block-size: 2.75em }
.check + .check { margin-block-start: -.75em }
.check input { inline-size: 1.25em; block-size: 1.25em; flex: none; margin: 0 }
input, select { accent-color: var(--accent) }
.field { display: block }
.pair {
display: grid; gap: .75em;
grid-template-columns: repeat(auto-fit, minmax(min(11em, 100%), 1fr));
}
.field input, select {
inline-size: 100%; min-block-size: 2.75em; padding: .4em .75em;
font: inherit; font-size: max(1em, 16px); color: inherit;
background: var(--bg); border: 1px solid var(--line);
border-radius: var(--r);
}
.field + .error, fieldset > .error { margin-block-start: .4em }
[aria-invalid=true] { border-color: var(--bad) !important }
.error { color: var(--bad); font-size: .9375em }
a { color: inherit }
[role=alert]:not(:empty) {
padding: .75em 1em; border-radius: var(--r);
border-inline-start: .25em solid var(--bad);
background: color-mix(in srgb, var(--bad) 8%, var(--bg));
}
.sum:not(:empty) {
padding-block-start: var(--gap);
border-block-start: 1px solid var(--edge);
}
button {
font: inherit; cursor: pointer; min-block-size: 2.75em;
border-radius: var(--r); border: 1px solid transparent;
}
.main {
padding: .7em 1.25em; font-size: 1.0625em; font-weight: 650;
background: var(--accent); color: var(--on);
}
form .main { inline-size: 100% }
.main:hover { filter: brightness(1.08) }
.plain {
padding: .5em 1.25em; background: none; color: var(--fg);
border-color: var(--line);
}
[aria-busy=true] { cursor: progress; filter: saturate(.3) }
:host([mode=button]) .error { margin-block-start: .75em }
.body:has(> .panel) + .status { position: absolute; clip-path: inset(50%) }
:focus-visible, .pick input:focus-visible + span {
outline: 3px solid var(--accent); outline-offset: 2px;
}
.panel { display: grid; gap: .75em; justify-items: center; text-align: center }
.panel .plain, .panel .main { margin-block-start: .5em }
dialog {
padding: 0; border: 0; background: none; color: var(--fg);
inline-size: min(30em, 100vw - 1.5em); max-inline-size: none;
max-block-size: calc(100dvh - 1.5em);
border-radius: calc(var(--r) * 1.6);
}
dialog::backdrop { background: rgb(10 16 22 / .55) }
.close {
position: absolute; inset-block-start: .5em; inset-inline-end: .5em;
inline-size: 2em; font-size: 1.375em; background: none; color: inherit;
}
dialog h2 { padding-inline-end: 1.5em }
dialog[open] { animation: in .2s }
@keyframes in { from { opacity: 0; transform: translateY(.5em) } }
@media (prefers-reduced-motion: reduce) {
* { animation: none !important; transition: none !important }
}
@media (forced-colors: active) {
.pick input:checked + span {
forced-color-adjust: none; background: Highlight;
color: HighlightText;
}
.main, .plain { border-color: ButtonText }
}
`;
function dress(root, text) {
try {
const made = new CSSStyleSheet();
made.replaceSync(text);
root.adoptedStyleSheets = [...root.adoptedStyleSheets, made];
} catch {
root.append(h('style', {}, text));
}
}
function frame(mode, say, on) {
const body = h('div', { class: 'body' });
const status = h('p', { role: 'status', class: 'status' });
const card = h('div', { class: 'card', part: 'card',
role: 'group', 'aria-label': say.label }, body, status,
h('slot', { name: 'footer' }));
const { dir, lang } = say;
if (mode !== 'modal')
return { body, status, card, dialog: null,
node: h('div', { dir, lang }, card) };
const close = h('button', { type: 'button', class: 'close',
part: 'close', 'aria-label': say.close, onclick: on.close },
'\u00d7');
const dialog = h('dialog', { 'aria-label': say.label, part: 'dialog',
onclick: (event) => {
if (event.target === dialog)
on.close();
} }, close, card);
return { body, status, card, dialog, node: h('div', { dir, lang },
h('button', { type: 'button', class: 'main', part: 'button',
'aria-haspopup': 'dialog', onclick: on.open },
say.open), dialog) };
}
class OneClick {
constructor(label, given, give) {
this.read = () => given;
this.button = button(label, give);
this.alert = alarm();
this.node = h('div', {}, this.button, this.alert);
}
refuse(text, errors, more) {
this.alert.replaceChildren(h('p', {}, text), more || '');
}
setBusy(busy) {
this.button.setAttribute('aria-busy', busy);
}
}
const NAMES = { donorEmail: 'email', tipAmount: 'tip' };
const field = (pointer) => {
const [, name, more] = String(pointer).split('/');
return more === 'answer' ? more : NAMES[name] ?? name;
};
const fresh = () => ({ frequency: null, amount: null, own: '',
tip: null, cover: false, perk: 0, answer: '', firstName: '',
lastName: '', email: '', anonymous: false, subscribe: false });
class Form {
constructor(words, options, choice, on) {
Object.assign(this, { words, options, choice, on });
this.fields = {};
choice.frequency ??= options.frequency;
choice.tip ??= options.tip;
if (choice.amount === null)
this.choose(options.amount);
this.sum = h('p', { class: 'sum', part: 'summary' });
this.button = h('button', { part: 'button', class: 'main' });
this.alert = alarm();
this.node = h('form', { novalidate: true,
oninput: (event) => this.#input(event.target),
onsubmit: (event) => {
event.preventDefault();
on.submit();
} },
this.#frequencies(), this.#amounts(), options.more?.perks(this),
this.#extras(), this.#donor(), this.sum, this.alert,
this.button,
h('p', { class: 'small', part: 'legal' }, words.safe));
this.update();
}
#error(name) {
return h('p', { id: `bad-${name}`, class: 'error',
part: 'error', hidden: true });
}
group(name, legend, look, ...children) {
const node = h('fieldset',
{ 'aria-describedby': `bad-${name}` },
h('legend', {}, legend),
h('div', { class: look }, ...children),
this.#error(name));
this.fields[name] = node;
return node;
}
radio(name, value, label, disabled = false) {
return h('label', { class: 'pick' }, h('input', { type: 'radio',
name, value, disabled,
checked: String(this.choice[name]) === String(value) }),
h('span', { part: name }, label));
}
#check(name, label) {
return h('label', { class: 'check' }, h('input', {
type: 'checkbox', name, checked: this.choice[name] }),
h('span', {}, label));
}
text(name, label, attributes) {
const input = h('input', { name, part: 'input', ...attributes,
'aria-describedby': `bad-${name}` });
input.value = this.choice[name];
this.fields[name] = input;
return h('div', {}, h('label', { class: 'field' },
h('span', {}, label), input), this.#error(name));
}
#frequencies() {
const { words, options } = this;
return options.frequencies.length > 1 &&
this.group('frequency', words.often, 'row',
...options.frequencies.map((word) =>
this.radio('frequency', word, words[word])));
}
#amounts() {
const { words, options: { money, amounts } } = this;
this.own = this.text('own', fill(words.own,
{ currency: money.currency }), { inputmode: 'decimal',
autocomplete: 'transaction-amount' });
return h('div', { class: 'stack' }, this.group('amount',
words.amount, 'grid',
...amounts.map((amount) => this.radio('amount',
amount, money.show(amount))),
this.radio('amount', 'own', words.other)), this.own);
}
#extras() {
const { words, options, choice } = this;
const select = options.tips.length > 0 && h('select',
{ name: 'tip', part: 'input',
'aria-describedby': 'bad-tip' },
...options.tips.map((tip) => h('option', { value: tip,
selected: tip === choice.tip })));
this.fields.tip = select;
return h('div', { class: 'stack' },
select && h('div', {}, h('label', { class: 'field' },
h('span', {}, words.tip), select),
this.#error('tip')),
options.cover > 0 && this.#check('cover', ' '));
}
#donor() {
const { words, options: { ask } } = this;
const label = (name) => fill(words.optional,
{ label: words[name] });
const name = ask.includes('name');
return h('div', { class: 'stack' }, name && h('div',
{ class: 'pair' }, this.text('firstName',
label('firstName'), { autocomplete: 'given-name',
maxlength: 100 }),
this.text('lastName', label('lastName'),
{ autocomplete: 'family-name', maxlength: 100 })),
ask.includes('email') && this.text('email', label('email'),
{ type: 'email', autocomplete: 'email', maxlength: 254 }),
this.#check('anonymous', words.anonymous),
ask.includes('subscribe') &&
this.#check('subscribe', words.subscribe));
}
choose(amount) {
const { choice, options: { amounts, money } } = this;
const suggested = amounts.includes(amount);
choice.amount = suggested ? amount : 'own';
choice.own = suggested || !amount ? '' : money.write(amount);
}
get amount() {
const { choice, options } = this;
return choice.amount === 'own' ?
options.money.read(choice.own) : Number(choice.amount);
}
get perk() {
return this.options.appeal?.perks.find((perk) =>
perk.id === Number(this.choice.perk) &&
perk.remaining !== 0);
}
get least() {
const { options } = this;
return options.appeal?.currency === options.money.currency ?
this.perk?.minAmount ?? 0 : 0;
}
sums() {
const { choice, options } = this;
const amount = this.amount ?? 0;
const tip = options.tips.length > 0 ?
share(amount, Number(choice.tip)) : 0;
const fees = choice.cover ? share(amount, options.cover) : 0;
return { amount, tip, fees, total: amount + tip + fees };
}
#input(target) {
const { choice, on, options: { money } } = this;
choice[target.name] = target.type === 'checkbox' ?
target.checked : target.value;
this.#fault(target.name === 'own' ? 'amount' : target.name, '');
if (target.name === 'perk' && (this.amount ?? 0) < this.least) {
this.choose(this.least);
for (const radio of this.node.elements.amount)
radio.checked =
radio.value === String(choice.amount);
this.fields.own.value = choice.own;
on.say(fill(this.words.perkRaised,
{ amount: money.show(this.least) }));
}
this.update();
on.change(this.#given());
}
update() {
const { choice, words, perk, options: { money, tips } } = this;
const { amount, tip, fees, total } = this.sums();
const show = (minor) => ({ amount: money.show(minor) });
this.own.hidden = choice.amount !== 'own';
this.ask?.(perk?.question);
for (const radio of this.node.querySelectorAll('[name=amount]'))
radio.nextSibling.setAttribute('part', radio.checked ?
'amount amount-selected' : 'amount');
tips.forEach((percent, i) => {
this.fields.tip.options[i].textContent = percent === 0 ?
words.noTip : `${percent} % · ${
money.show(share(amount, percent))}`;
});
const cover = this.node.elements.cover;
if (cover)
cover.nextSibling.textContent = fill(words.cover,
show(share(amount, this.options.cover)));
this.sum.textContent = amount === 0 ? '' : [
fill(words.sum, { often: words[choice.frequency],
...show(amount) }),
tip > 0 && fill(words.sumTip, show(tip)),
fees > 0 && fill(words.sumFees, show(fees)),
total > amount && fill(words.total, show(total)),
].filter(Boolean).join(' · ');
this.button.textContent = amount === 0 ? words.donate :
fill(words.donateSum, show(total));
}
#fault(name, text) {
const error = this.node.querySelector(`#bad-${name}`);
if (!error)
return false;
error.textContent = text;
error.hidden = !text;
const field = this.fields[name === 'amount' ? 'own' : name];
if (field?.matches('input, select'))
field.setAttribute('aria-invalid', text !== '');
return text !== '';
}
#focus(names) {
const { choice, fields } = this;
const name = Object.keys(fields).find((one) =>
names.includes(one));
const at = name === 'amount' && choice.amount === 'own' ?
fields.own : fields[name];
(at?.tagName === 'FIELDSET' ? at.querySelector(':checked') ??
at.querySelector('input') : at)?.focus();
}
#faults() {
const { words, choice, amount, least, perk, options } = this;
const { money, min, max } = options;
const say = (text, minor) => fill(text,
{ amount: money.show(minor) });
return {
amount: !amount ? say(words.needAmount,
options.amounts[0] ?? 10 * money.unit) :
amount < min ? say(words.tooLow, min) :
amount > max ? say(words.tooHigh, max) :
amount < least ? say(words.perkLow, least) : '',
answer: perk?.question && !choice.answer.trim() ?
words.needAnswer : '',
email: !choice.email.trim() ||
/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(
choice.email.trim()) ? '' : words.badEmail,
};
}
#given() {
const { choice, perk } = this;
const { amount, tip, fees } = this.sums();
const text = (name) => choice[name].trim() || undefined;
return {
...choice, amount, extra: tip + fees,
email: text('email'), firstName: text('firstName'),
lastName: text('lastName'),
perk: perk && { id: perk.id, multiplier: 1,
answer: perk.question && text('answer') },
};
}
read() {
const bad = Object.entries(this.#faults())
.filter(([name, text]) => this.#fault(name, text))
.map(([name]) => name);
this.alert.replaceChildren();
this.#focus(bad);
return bad.length > 0 ? null : this.#given();
}
refuse(text, errors, more) {
const bad = [];
for (const { pointer } of errors) {
const name = field(pointer);
if (this.#fault(name, name === 'email' ?
this.words.badEmail : this.words.badField))
bad.push(name);
}
this.alert.replaceChildren(h('p', {}, text), more || '');
this.#focus(bad);
}
setBusy(busy) {
this.button.setAttribute('aria-busy', busy);
}
}
const API = new URL('v1/partner', HERE).href;
const LEAVING_MS = 15000;
const BEGINS = { amount: 'amount', amounts: 'amount', currency: 'amount',
frequency: 'frequency', frequencies: 'frequency', tip: 'tip' };
class DonateWidget extends HTMLElement {
static observedAttributes = ATTRIBUTES;
#choice = fresh();
#client = new Client(API, '');
#run = 0;
#queued = false;
#busy = false;
#lang = 'en';
#words = null;
#options = null;
#form = null;
#frame = null;
#awaited = null;
connectedCallback() {
if (!this.shadowRoot)
dress(this.attachShadow({ mode: 'open' }), sheet);
window.addEventListener('pageshow', this.#shown);
this.#choice.anonymous ||= this.hasAttribute('anonymous');
this.#awaited = claim(this);
this.#start();
}
disconnectedCallback() {
this.#run++;
window.removeEventListener('pageshow', this.#shown);
}
attributeChangedCallback(name, before, now) {
if (before === now || !this.isConnected || !this.shadowRoot)
return;
if (name in BEGINS)
this.#choice[BEGINS[name]] = null;
if (this.#queued || name === 'theme')
return;
this.#queued = true;
queueMicrotask(() => {
this.#queued = false;
if (this.isConnected)
this.#start();
});
}
open() {
const { dialog, body } = this.#frame ?? {};
if (dialog && !dialog.open)
dialog.showModal();
else if (!dialog)
body?.querySelector('input, button')?.focus();
}
close() {
this.#frame?.dialog?.close();
}
reset() {
this.#forget();
this.#choice = fresh();
this.#choice.anonymous = this.hasAttribute('anonymous');
this.#busy = false;
if (this.#options) {
this.#run++;
this.#showForm();
}
}
refresh() {
this.#client.forget();
return this.#start();
}
#emit(name, detail, cancelable = false) {
return this.dispatchEvent(new CustomEvent(`donate:${name}`,
{ bubbles: true, composed: true, cancelable, detail }));
}
#fails(error) {
const refusal = Refusal.of(error);
const { code, message, requestId } = refusal;
console.warn(`donate-widget: ${code}: ${message}`);
this.#emit('error', { code, message, requestId });
return refusal;
}
#say(text) {
this.#frame.status.textContent = text;
}
#show(...nodes) {
const { body } = this.#frame;
const inside = this.shadowRoot.activeElement;
body.replaceChildren(...nodes.filter(Boolean));
this.#say('');
if (inside && !inside.isConnected)
body.querySelector('[tabindex="-1"], input, button')
?.focus();
}
async #start() {
const run = ++this.#run;
const base = this.getAttribute('api') || API;
const key = this.getAttribute('key') ?? '';
if (this.#client.base !== base || this.#client.key !== key)
this.#client = new Client(base, key);
this.#lang = language(this.closest('[lang]')
?.getAttribute('lang'), ...navigator.languages);
const found = await words(this.#lang).catch(() => null);
if (run !== this.#run)
return;
if (!found) {
this.shadowRoot.append(h('slot'));
return;
}
this.#words = found;
this.#build();
try {
const options = await load(this, this.#client,
this.#lang);
if (run === this.#run)
this.#ready(options);
} catch (error) {
if (run === this.#run)
this.#cannot(error);
}
}
#build() {
const say = this.#words;
const wasOpen = this.#frame?.dialog?.open;
this.#busy = false;
this.#frame?.node.remove();
this.#frame = frame(this.getAttribute('mode'), {
dir: direction(this.#lang), lang: this.#lang,
close: say.close, label: say.donate,
open: this.getAttribute('label') ?? say.donate,
}, { open: () => this.open(), close: () => this.close() });
this.shadowRoot.append(this.#frame.node);
if (wasOpen)
this.open();
if (this.#awaited?.back)
this.#ask();
else
this.#say(say.loading);
}
#cannot(error) {
const refusal = this.#fails(error);
const word = sentence(refusal);
this.#show(alarm(this.#words[word]),
word !== 'setUp' && button(this.#words.again,
() => this.refresh()),
!this.#awaited?.back && this.#link(refusal));
}
#link({ code }, amount = this.#options?.amount) {
const { base, key } = this.#client;
const slug = this.getAttribute('nonprofit');
return code === 'UNREACHABLE' && h('p', {}, h('a', { href:
`${base}/donate/${encodeURIComponent(slug)}?` +
new URLSearchParams({ key, ...(amount && { amount }) }),
}, this.#words.byLink));
}
#ready(options) {
this.#options = options;
if (options.more)
dress(this.shadowRoot, options.more.sheet);
const label = fill(this.#words.title, { name: options.name });
const { card, dialog } = this.#frame;
(dialog ?? card).setAttribute('aria-label', label);
if (!this.#awaited?.back)
this.#showForm();
this.#emit('ready', { nonprofit: options.nonprofit,
currency: options.money.currency });
if (this.#awaited?.back) {
if (dialog)
this.open();
this.#wait(this.#awaited.id);
} else if (this.#awaited)
this.#look(this.#awaited.id);
}
#showForm() {
const options = this.#options;
const say = this.#words;
const title = fill(say.title, { name: options.name });
if (this.getAttribute('mode') === 'button') {
const { amount, frequency, money, name } = options;
this.#form = new OneClick(this.getAttribute('label') ??
fill(say.donateTo, { amount: money.show(amount),
name }), { amount, frequency, extra: 0,
anonymous: this.#choice.anonymous },
() => this.#give());
this.#show(this.#form.node);
return;
}
this.#form = new Form(say, options, this.#choice, {
change: (chosen) => this.#tell('change', chosen),
submit: () => this.#give(),
say: (text) => this.#say(text),
});
this.#show(h('slot', { name: 'header' }, h('h2',
{ part: 'title', tabindex: -1 }, title)),
options.more?.progress(options.appeal, say, this.#lang),
this.#form.node);
}
#tell(name, { amount, frequency, extra }) {
this.#emit(name, { amount, frequency, extra,
currency: this.#options.money.currency });
}
#setBusy(busy) {
this.#busy = busy;
this.#form?.setBusy(busy);
this.#say(busy ? this.#words.leaving : '');
}
async #give() {
const run = this.#run;
const given = this.#busy ? null : this.#form.read();
if (!given)
return;
this.#setBusy(true);
this.#tell('submit', given);
try {
const link = await this.#client.give(readGift(this,
this.#options, given, here()));
if (run === this.#run)
this.#leave(link);
} catch (error) {
if (run === this.#run)
this.#refused(error, given);
}
}
#leave({ donationLink: url, partnerDonationId }) {
const run = this.#run;
leave(this, partnerDonationId);
this.#emit('link', { partnerDonationId });
if (!this.#emit('redirect', { url, partnerDonationId }, true)) {
this.#setBusy(false);
return;
}
setTimeout(() => run === this.#run && this.#setBusy(false),
LEAVING_MS);
location.assign(url);
}
#refused(error, given) {
const refusal = this.#fails(error);
this.#setBusy(false);
const word = sentence(refusal);
if (word === 'perkGone') {
for (const perk of this.#options.appeal?.perks ?? [])
if (perk.id === given.perk?.id)
perk.remaining = 0;
this.#choice.perk = 0;
this.#showForm();
refusal.errors.push({ pointer: '/perk' });
}
this.#form.refuse(`${this.#words[word]} ${this.#words.free}`,
refusal.errors,
this.#link(refusal, given.amount));
}
#shown = (event) => {
if (!event.persisted || !this.#options)
return;
this.#setBusy(false);
this.#awaited = claim(this);
if (this.#awaited)
this.#look(this.#awaited.id);
};
async #look(id) {
const run = this.#run;
const { status } = await this.#client.status(id)
.catch(() => ({}));
if (run !== this.#run)
return;
if (['COMPLETED', 'PROCESSING'].includes(status))
this.#wait(id);
else if (status && status !== 'PENDING')
this.#forget();
}
#ask() {
const { asking, askingText } = this.#words;
this.#show(panel(asking, [askingText]));
this.#say(asking);
}
async #wait(id) {
const run = this.#run;
const wanted = () => run === this.#run;
this.#ask();
try {
const after = await part('after');
if (!wanted())
return;
dress(this.shadowRoot, after.sheet);
await after.follow(id, this.#client, { wanted,
words: this.#words, lang: this.#lang,
name: this.#options.name,
emit: (...event) => this.#emit(...event),
show: (node) => this.#show(node),
say: (text) => this.#say(text),
reset: () => this.reset(),
wait: () => this.#wait(id),
done: () => this.#forget() });
} catch (error) {
if (wanted())
this.#lost(error);
}
}
#lost(error) {
if (!error.definite)
this.#cannot(error);
else if (this.#fails(error))
this.reset();
}
#forget() {
forget();
this.#awaited = null;
this.#client.last = null;
}
}
reflect(DonateWidget.prototype);
if (!customElements.get('donate-widget'))
customElements.define('donate-widget', DonateWidget);
})();
